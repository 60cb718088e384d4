"""`pgready embedded`: a PostgreSQL server for this machine that outlives the command.

stdout carries data (`url`, `--json`); only `url` ever shows the password, since that is what it is asked for.
"""

import json as json_module

import click

_name = click.option("--name", default="default", show_default=True, help="Which server, if there are several.")
_json = click.option("--json", "as_json", is_flag=True, help="Print the result as JSON on stdout.")


@click.group()
def embedded() -> None:
    """Start, find and stop a PostgreSQL server of pgready's own."""


@embedded.command()
@click.option("--data", "data_dir", type=click.Path(file_okay=False), help="Data directory (default: in the cache).")
@click.option("--port", type=click.IntRange(1, 65535), help="Port on 127.0.0.1 (default: as last time, or a free one).")
@click.option("--bindir", type=click.Path(file_okay=False), help="Directory of `postgres` and `initdb`.")
@click.option("--detach/--foreground", default=True, show_default=True, help="Return, or stay until it ends.")
@_name
@_json
def start(
    *, data_dir: str | None, port: int | None, bindir: str | None, detach: bool, name: str, as_json: bool
) -> None:
    """Start the server; nothing happens if it runs already."""
    from pgready.embedded import named

    server, started = named.start(name, data_dir=data_dir, port=port, bindir=bindir, detached=detach)
    if as_json:
        click.echo(json_module.dumps({**server.public(), "started": started is not None}))
    verb = "started" if started else "already running"
    click.echo(f"PostgreSQL {server.version} {verb} on 127.0.0.1:{server.port} (pid {server.pid})", err=True)
    if started is None:
        return
    if detach:
        which = "" if name == "default" else f" --name {name}"
        click.echo(f"its URL: pgready embedded url{which} · to stop it: pgready embedded stop{which}", err=True)
        started.detach()
        return
    started.serve_until_signal(lambda: click.echo("Ctrl-C stops it", err=True))
    click.echo("stopped", err=True)


@embedded.command()
@click.option("--mode", type=click.Choice(["fast", "smart", "immediate"]), default="fast", show_default=True)
@_name
@_json
def stop(*, mode: str, name: str, as_json: bool) -> None:
    """Stop the server; its data stays."""
    from typing import cast

    from pgready.embedded import named
    from pgready.embedded.server import Mode

    stopped = named.stop(name, cast("Mode", mode))
    if as_json:
        click.echo(json_module.dumps({"name": name, "stopped": stopped}))
    click.echo("stopped" if stopped else "it was not running", err=True)


@embedded.command()
@click.argument("dbname", default="postgres")
@_name
@_json
def url(*, dbname: str, name: str, as_json: bool) -> None:
    """Print the superuser's URL for a database, password included."""
    from urllib.parse import quote

    from pgready.embedded import named

    server = named.require_running(name)
    text = server.url.removesuffix("/postgres") + "/" + quote(dbname, safe="")
    click.echo(json_module.dumps({"url": text}) if as_json else text)


@embedded.command()
@_name
@_json
@click.pass_context
def status(context: click.Context, *, name: str, as_json: bool) -> None:
    """Say whether the server runs; exit code 5 if it does not."""
    from pgready.embedded import named

    server = named.find(name)
    running = server is not None and server.pid != 0
    if as_json:
        click.echo(json_module.dumps(server.public() if server else {"name": name, "running": False}))
    elif server is None:
        click.echo("never started: pgready embedded start", err=True)
    elif not running:
        click.echo(f"not running; its data: {server.data_dir}", err=True)
    else:
        where = f"127.0.0.1:{server.port} (pid {server.pid})"
        click.echo(
            f"PostgreSQL {server.version} on {where}\ndata  {server.data_dir}\nlog   {server.log_path}", err=True
        )
    if not running:
        context.exit(5)
