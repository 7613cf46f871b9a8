//! This machine's part of the doctor: key and state for the owner alone, the mail server answering, the terminal.

use super::Check;
use crate::config::{MailRoute, Settings, Smtp, Tls};
use crate::language::Language;
use crate::language::Message;
use crate::language::doctor::{
    CHECK_MAIL, MAIL_DIRECTORY, MAIL_LOCAL_ONLY, MAIL_SERVER, MAKE_PRIVATE, MODE, NO_TERMINAL,
    PART_KEY, PART_MAIL, PART_STATE, PART_TERMINAL, TERMINAL_DUMB, TERMINAL_SIZE, TERMINAL_SMALL,
    UNREACHABLE,
};
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::time::Duration;
use tokio::io::{AsyncBufReadExt, BufReader};
use tokio::net::TcpStream;

/// How long a mail server may take to answer.
const PATIENCE: Duration = Duration::from_secs(5);

/// The checks.
pub async fn checks(settings: &Settings, language: Language) -> Vec<Check> {
    vec![
        private(&PART_KEY, &settings.key_path, 0o600, language),
        private(&PART_STATE, &settings.state, 0o700, language),
        mail(&settings.mail, language).await,
        terminal(settings, language),
    ]
}

fn private(part: &'static Message, path: &Path, wanted: u32, language: Language) -> Check {
    let shown = path.display().to_string();
    let mode = match path.metadata() {
        Ok(found) => found.permissions().mode() & 0o777,
        Err(e) => {
            let found = UNREACHABLE.with(language, &[("detail", &format!("{shown}: {e}"))]);
            return Check::wrong(part, found, "");
        }
    };
    if mode.trailing_zeros() >= 6 {
        return Check::ok(part, shown);
    }
    let found = MODE.with(language, &[("mode", &format!("{mode:o}"))]);
    let values = [("mode", format!("{wanted:o}")), ("path", shown)];
    let values: Vec<(&str, &str)> = values.iter().map(|(n, v)| (*n, v.as_str())).collect();
    Check::wrong(part, found, MAKE_PRIVATE.with(language, &values))
}

async fn mail(route: &MailRoute, language: Language) -> Check {
    let smtp = match route {
        MailRoute::Directory(path) => {
            let shown = path.display().to_string();
            let found = MAIL_DIRECTORY.with(language, &[("path", &shown)]);
            return Check::attention(&PART_MAIL, found, MAIL_LOCAL_ONLY.text(language));
        }
        MailRoute::Smtp(smtp) => smtp,
    };
    let server = format!("{}:{}", smtp.host, smtp.port);
    let answer = tokio::time::timeout(PATIENCE, greeting(smtp)).await;
    let fail = |detail: String| {
        let found = UNREACHABLE.with(language, &[("detail", &format!("{server}: {detail}"))]);
        Check::wrong(&PART_MAIL, found, CHECK_MAIL.text(language))
    };
    match answer {
        Ok(Ok(reply)) if smtp.tls == Tls::Implicit || reply.starts_with("220") => {
            let values = [("server", server.as_str()), ("reply", reply.trim())];
            Check::ok(&PART_MAIL, MAIL_SERVER.with(language, &values))
        }
        Ok(Ok(reply)) => fail(reply),
        Ok(Err(e)) => fail(e.to_string()),
        Err(late) => fail(late.to_string()),
    }
}

/// Connects, and reads the greeting where it comes in clear. Nothing is sent.
async fn greeting(smtp: &Smtp) -> std::io::Result<String> {
    let stream = TcpStream::connect((smtp.host.as_str(), smtp.port)).await?;
    if smtp.tls == Tls::Implicit {
        return Ok("TLS".to_owned());
    }
    let mut line = String::new();
    let mut limited = tokio::io::AsyncReadExt::take(BufReader::new(stream), 1024);
    limited.read_line(&mut line).await?;
    Ok(line)
}

fn terminal(settings: &Settings, language: Language) -> Check {
    let Ok(size) = rustix::termios::tcgetwinsize(std::io::stdout()) else {
        return Check::ok(&PART_TERMINAL, NO_TERMINAL.text(language));
    };
    let (columns, rows) = (size.ws_col.to_string(), size.ws_row.to_string());
    let values = [
        ("term", settings.term.as_str()),
        ("columns", &columns),
        ("rows", &rows),
    ];
    let found = TERMINAL_SIZE.with(language, &values);
    if matches!(settings.term.as_str(), "" | "dumb") {
        return Check::attention(&PART_TERMINAL, found, TERMINAL_DUMB.text(language));
    }
    if size.ws_col < 60 || size.ws_row < 15 {
        return Check::attention(&PART_TERMINAL, found, TERMINAL_SMALL.text(language));
    }
    Check::ok(&PART_TERMINAL, found)
}
