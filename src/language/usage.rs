//! What is wrong with a command line, and what was probably meant.

crate::messages! {
    UNKNOWN_COMMAND = "onbekende opdracht '{what}'" / "unknown command '{what}'";
    UNKNOWN_ARGUMENT = "onbekend argument '{what}'" / "unexpected argument '{what}'";
    BAD_VALUE = "'{value}' past niet bij {what}" / "'{value}' does not fit {what}";
    VALUE_MISSING = "{what} verwacht een waarde" / "{what} takes a value";
    TAKES = "mogelijk: {values}" / "possible: {values}";
    NEEDED = "nodig: {what}" / "needed: {what}";
    COMMAND_NEEDED = "kies een opdracht: {values}" / "choose a command: {values}";
    NOT_TOGETHER = "{what} gaat niet samen met {other}" / "{what} does not go together with {other}";
    TOO_MANY = "{what} staat er te vaak" / "{what} is given too often";
    NEAREST = "bedoelt u '{what}'?" / "did you mean '{what}'?";
    SEE_HELP = "Zie '{what} --help'." / "See '{what} --help'.";
    OPTIONS = "[OPTIES]" / "[OPTIONS]";
    OTHER = "klopt niet: {what}" / "not right: {what}";
}
