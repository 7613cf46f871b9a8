#!/usr/bin/env python3
"""A real SMTP server for the tests: STARTTLS and AUTH are required, every mail that it takes becomes a file.

For each mail NNNN: NNNN.json with the envelope, then NNNN.eml with the bytes; the second one appears whole or not at all.
"""

import argparse
import asyncio
import itertools
import json
import os
import pathlib
import signal
import ssl

from aiosmtpd.smtp import SMTP, AuthResult, LoginPassword

USER = b"portaal"
PASSWORD = b"proef-wachtwoord"


class Files:
    """Writes each mail to the directory."""

    def __init__(self, directory):
        self.directory = pathlib.Path(directory)
        self.count = itertools.count(1)

    async def handle_DATA(self, server, session, envelope):
        name = f"{next(self.count):04d}"
        facts = {
            "from": envelope.mail_from,
            "to": envelope.rcpt_tos,
            "tls": session.ssl is not None,
            "authenticated": bool(session.authenticated),
        }
        (self.directory / f"{name}.json").write_text(json.dumps(facts))
        unfinished = self.directory / f".{name}.part"
        unfinished.write_bytes(envelope.original_content)
        os.replace(unfinished, self.directory / f"{name}.eml")
        return f"250 2.0.0 Ok: queued as {name}"


def authenticate(server, session, envelope, mechanism, data):
    """Knows one user."""
    fits = isinstance(data, LoginPassword) and (data.login, data.password) == (USER, PASSWORD)
    return AuthResult(success=fits, handled=fits)


async def serve(arguments):
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(arguments.certificate, arguments.key)
    handler = Files(arguments.dir)

    def session():
        return SMTP(
            handler,
            hostname="localhost",
            ident="portaal test server",
            tls_context=context,
            require_starttls=True,
            auth_required=True,
            auth_require_tls=True,
            authenticator=authenticate,
        )

    loop = asyncio.get_running_loop()
    server = await loop.create_server(session, "127.0.0.1", arguments.port)
    ended = asyncio.Event()
    for name in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(name, ended.set)
    async with server:
        await ended.wait()


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--dir", required=True)
    parser.add_argument("--certificate", required=True)
    parser.add_argument("--key", required=True)
    asyncio.run(serve(parser.parse_args()))


if __name__ == "__main__":
    main()
