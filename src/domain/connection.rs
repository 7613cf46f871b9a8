//! A vendor and its connection to an organisation by a route. Pure state machine.

use super::code::codes;

codes! {
    /// What a vendor is.
    pub enum VendorKind {
        Rom = "rom",
        Epd = "epd",
        OwnApplication = "own_application",
    }
}

codes! {
    /// How files arrive: sent by the vendor, or uploaded by the organisation itself.
    pub enum Route {
        Automatic = "automatic",
        Manual = "manual",
    }
}

codes! {
    /// Where a connection stands.
    pub enum State {
        Requested = "requested",
        Issued = "issued",
        Testing = "testing",
        Live = "live",
        Suspended = "suspended",
        Revoked = "revoked",
    }
}
