//! The sockets of a server.

use crate::diagnostic::{Diagnostic, Error, reason};
use std::io;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr, TcpListener};

/// Listens on an address, or on both loopback addresses, and returns the port.
///
/// # Errors
/// If the port is taken, or the address is not one of this machine.
pub(super) fn listen(address: Option<IpAddr>, port: u16) -> Result<(Vec<TcpListener>, u16), Error> {
    let failed = |error: io::Error| failed(address, port, &error);
    let first = address.unwrap_or(IpAddr::V4(Ipv4Addr::LOCALHOST));
    let listener = TcpListener::bind(SocketAddr::new(first, port)).map_err(failed)?;
    let port = listener.local_addr().map_err(failed)?.port();
    let mut listeners = vec![listener];
    if address.is_none() {
        // `localhost` may mean either address. A machine may lack the second one.
        match TcpListener::bind(SocketAddr::new(IpAddr::V6(Ipv6Addr::LOCALHOST), port)) {
            Ok(listener) => listeners.push(listener),
            // Somebody else must not answer there in place of this server.
            Err(error) if error.kind() == io::ErrorKind::AddrInUse => return Err(failed(error)),
            Err(_) => {}
        }
    }
    Ok((listeners, port))
}

fn failed(address: Option<IpAddr>, port: u16, error: &io::Error) -> Error {
    let problem = match error.kind() {
        io::ErrorKind::AddrInUse => {
            Diagnostic::error("port-in-use", format!("port {port} is in use"))
                .help("choose another one with `--port`; `--port 0` takes any that is free")
        }
        io::ErrorKind::PermissionDenied => Diagnostic::error(
            "listen-failed",
            format!("cannot listen on port {port}: {}", reason(error)),
        )
        .help("choose a port above 1023 with `--port`"),
        _ => {
            let place = address.map_or_else(|| format!("port {port}"), |ip| format!("`{ip}`"));
            Diagnostic::error(
                "listen-failed",
                format!("cannot listen on {place}: {}", reason(error)),
            )
            .help("`--bind` needs an address of this machine, such as 127.0.0.1 or 0.0.0.0")
        }
    };
    problem.usage()
}
