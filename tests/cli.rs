//! The real binary as a script uses it: words, exit codes, forms of output, rights. Every use of a database on both of them.

mod deliveries;
pub mod forms;
mod linking;
mod rights;
mod steps;
mod words;

use crate::support::db::World;
use crate::support::program::{Said, run, run_with};

/// A registration with one signatory, for an AGB code.
pub fn registration(agb: &str) -> String {
    serde_json::json!({
        "organisation": {
            "agb": agb, "name": format!("Praktijk {agb}"), "kvk": "12345678", "street": "Lindelaan 1",
            "postcode": "1234 AB", "city": "Zwolle", "email": "info@linde.example", "phone": "038 1234567",
            "contact": "A. de Boer", "language": "nl"
        },
        "route": "manual",
        "users": [{ "name": "A. de Boer", "email": "a.deboer@linde.example", "roles": ["signatory", "manager"] }]
    })
    .to_string()
}

/// Makes the first operator: whoever runs the tests, with these roles.
pub fn first_operator(world: &World, roles: &str) -> Said {
    let login = portaal_console::service::identity::kernel_facts()
        .expect("kernel facts")
        .login;
    let words = [
        "operator",
        "add",
        "--login",
        &login,
        "--name",
        "Eerste Persoon",
        "--roles",
        roles,
    ];
    run_with(world, &words, "").exits(0)
}

/// Imports a registration; gives its id.
pub fn import(world: &World, agb: &str) -> String {
    let words = ["registration", "import", "-", "--output", "json"];
    let said = run_with(world, &words, &registration(agb)).exits(0);
    text(said.rows().first().expect("row"), "id")
}

/// Imports a registration, sets it up and completes it.
pub fn organisation(world: &World, agb: &str) {
    let id = import(world, agb);
    run(world, &["registration", "set-up", &id]).exits(0);
    run(world, &["registration", "complete", &id]).exits(0);
}

/// A text in a JSON object.
pub fn text(row: &serde_json::Value, name: &str) -> String {
    row.get(name)
        .and_then(serde_json::Value::as_str)
        .unwrap_or_default()
        .to_owned()
}
