import Glibc

/// Sets SIGPIPE to be ignored in this process. Call it first in `main`: what this module writes is safe anyhow, but sockets
/// and standard output are not. Children get the default disposition back.
package func ignoreSIGPIPE() {
    signal(SIGPIPE, SIG_IGN)
}
