"""A raw TCP broadcast, the peer of the room's streams: what is written to each connection, and nothing else.

`python -m tests.benchmarks.broadcast` prints its port and ends with its standard input. Each line that comes on a
connection is the number of bytes to send to all of them, and the word that they begin with.
"""

import asyncio
import socket
import sys

import uvloop


class Peer(asyncio.Protocol):
    """One connection."""

    everybody: "set[asyncio.Transport]" = set()

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]  # it is always one
        self.transport = transport
        self.everybody.add(transport)

    def connection_lost(self, _: Exception | None) -> None:
        self.everybody.discard(self.transport)

    def data_received(self, data: bytes) -> None:
        """Send the word, filled up to so many bytes, to everybody."""
        size, word = data.split()
        message = word.ljust(int(size), b".")
        for transport in self.everybody:
            transport.write(message)


async def main() -> None:
    listening = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    listening.bind(("127.0.0.1", 0))
    listening.listen(4096)
    server = await asyncio.get_running_loop().create_server(Peer, sock=listening)
    ends = asyncio.Event()
    asyncio.get_running_loop().add_reader(sys.stdin, ends.set)
    print(listening.getsockname()[1], flush=True)
    await ends.wait()
    server.close()


if __name__ == "__main__":
    uvloop.run(main())
