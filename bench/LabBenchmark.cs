using System.Diagnostics;
using System.Net.WebSockets;
using System.Text;
using System.Text.Json;

namespace GanPipeline.Bench;

/// <summary>GAN Lab as a page meets it: rounds a second while 30 frames a second are sent, beside PyTorch that only trains.</summary>
internal static class LabBenchmark
{
    public const string Name = "lab/rounds";

    private const int Width = 24, Batch = 128, Timed = 3000, Rounds = 5;

    public static IEnumerable<Row> Run(string filter)
    {
        if (!Selection.Matches(filter, Name)) yield break;
        using var peer = PeerProcess.TryPyTorch("lab.py", Width, Batch, 1, "cpu");
        if (peer is null) yield break;
        using var lab = new Lab();
        var (own, theirs, ratio) = Pair.Measure(() => lab.Run(Timed), () => peer.Run(Timed), Rounds);
        yield return new(Name, Timed / own, Timed / theirs, peer.Name, "rounds/s", ratio, Stack.Torch,
            FormattableString.Invariant($"{lab.FramesPerSecond:F0} frames/s"));
    }

    /// <summary>The studio as a process, and the connection of a page.</summary>
    private sealed class Lab : IDisposable
    {
        private readonly ServerProcess _studio = new("GanPipeline.Studio", "--port", "0");
        private readonly ClientWebSocket _socket = new();
        private readonly byte[] _buffer = new byte[1 << 20];
        private double _seconds;
        private long _frames;

        public Lab()
        {
            var address = _studio.Client.BaseAddress!;
            _socket.Options.SetRequestHeader("Origin", address.GetLeftPart(UriPartial.Authority));
            _socket.ConnectAsync(new UriBuilder(address) { Scheme = "ws", Path = "/lab/session" }.Uri, default).GetAwaiter().GetResult();
            // What is not said has its default.
            Send("""{"action":"change","settings":{}}""");
        }

        public double FramesPerSecond => _frames / _seconds;

        /// <summary>Trains at least so many rounds, and gives the seconds for so many.</summary>
        public double Run(int rounds)
        {
            Send("""{"action":"play","speed":"fast"}""");
            long first;
            while (!Frame(out first)) ;
            var clock = Stopwatch.StartNew();
            long round;
            do
            {
                Frame(out round);
                _frames++;
            } while (round < first + rounds);
            var seconds = clock.Elapsed.TotalSeconds;
            _seconds += seconds;
            Send("""{"action":"pause"}""");
            while (Frame(out _)) ;
            return seconds * rounds / (round - first);
        }

        /// <summary>Waits for the next frame.</summary>
        /// <returns>Whether it trains.</returns>
        private bool Frame(out long round)
        {
            var length = 0;
            ValueWebSocketReceiveResult part;
            do
            {
                part = _socket.ReceiveAsync(_buffer.AsMemory(length), default).AsTask().GetAwaiter().GetResult();
                length += part.Count;
            } while (!part.EndOfMessage);
            if (part.MessageType != WebSocketMessageType.Binary)
                throw new BenchmarkException($"the lab said {Encoding.UTF8.GetString(_buffer, 0, length)}");
            using var header = JsonDocument.Parse(_buffer.AsMemory(4, BitConverter.ToInt32(_buffer)));
            round = header.RootElement.GetProperty("round").GetInt64();
            return header.RootElement.GetProperty("isPlaying").GetBoolean();
        }

        private void Send(string command) => _socket.SendAsync(Encoding.UTF8.GetBytes(command), WebSocketMessageType.Text, true, default)
            .GetAwaiter().GetResult();

        public void Dispose()
        {
            _socket.Dispose();
            _studio.Dispose();
        }
    }
}
