//! What a record holds now, so that a flag that is not given keeps its value. Not the forms of the console.

use crate::domain::action::Act;
use crate::service::fields::Values;
use crate::service::{Error, Services, operator, organisation, registration};
use crate::store;

/// The values of the record and its version; none for an action that does not edit, or when there is no such record.
pub async fn values(
    services: &Services,
    act: Act,
    id: &str,
) -> Result<Option<(Values, i64)>, Error> {
    let mut tx = services.db.read().await?;
    let found = match act {
        Act::RegistrationSetUp => store::registration::by_id(&mut tx, id)
            .await?
            .map(|row| (registration::values(&row), row.version)),
        Act::OrganisationEdit => store::organisation::by_id(&mut tx, id)
            .await?
            .map(|row| (organisation::values(&row), row.version)),
        Act::OperatorChange => store::operator::by_id(&mut tx, id)
            .await?
            .map(|row| (operator::values(&row), row.version)),
        _ => None,
    };
    tx.rollback().await?;
    Ok(found)
}
