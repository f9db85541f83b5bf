using System.Diagnostics;
using System.Globalization;
using System.IO.MemoryMappedFiles;

namespace GanPipeline.Fuzzing;

/// <param name="Target">The format.</param>
/// <param name="Executions">Inputs that were read.</param>
/// <param name="Crashes">Seeds that ended the process.</param>
/// <param name="Hangs">Seeds that were not done in time.</param>
/// <param name="Faults">Seeds and exceptions that tell a user nothing.</param>
/// <param name="PeakBytes">The largest memory of a process.</param>
internal sealed record FuzzReport(
    string Target, long Executions, IReadOnlyList<long> Crashes, IReadOnlyList<long> Hangs, IReadOnlyList<string> Faults, long PeakBytes)
{
    public bool IsClean => Crashes.Count + Hangs.Count + Faults.Count == 0;

    public override string ToString() => string.Create(CultureInfo.InvariantCulture,
        $"{Target}: {Executions:N0} executions, {Crashes.Count} crashes, {Hangs.Count} hangs, {Faults.Count} faults, ") +
        string.Create(CultureInfo.InvariantCulture, $"{PeakBytes / 1e6:N0} MB at most") +
        string.Concat(Crashes.Select(s => $"\n  crash {s}")) + string.Concat(Hangs.Select(s => $"\n  hang {s}")) +
        string.Concat(Faults.Take(20).Select(f => $"\n  fault {f}"));
}

/// <summary>Watches the processes that read the inputs. What ends one, or does not end, is noted, and the next goes on after it.</summary>
internal static class FuzzRun
{
    /// <summary>An input takes milliseconds; a machine may have much else to do.</summary>
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(60);

    private const int LookEvery = 100;

    public static FuzzReport Run(FuzzTarget target, long count, TimeSpan time, long firstSeed)
    {
        List<long> crashes = [], hangs = [];
        List<string> faults = [];
        var (next, peak) = (firstSeed, 0L);
        var end = count == long.MaxValue ? long.MaxValue : firstSeed + count;
        var watch = Stopwatch.StartNew();
        var state = Path.GetTempFileName();
        File.WriteAllBytes(state, new byte[sizeof(long)]);
        try
        {
            using var map = MemoryMappedFile.CreateFromFile(state, FileMode.Open, null, sizeof(long));
            using var view = map.CreateViewAccessor(0, sizeof(long));
            while (next < end && watch.Elapsed < time)
            {
                view.Write(0, next - 1);
                using var worker = Start(target, next, end - next, state);
                worker.OutputDataReceived += (_, line) =>
                {
                    if (line.Data is { Length: > 0 } fault) lock (faults) faults.Add(fault);
                };
                worker.BeginOutputReadLine();
                var ended = Watch(worker, view, time - watch.Elapsed, ref peak);
                var at = view.ReadInt64(0);
                if (ended == Ending.Crash) crashes.Add(at);
                if (ended == Ending.Hang) hangs.Add(at);
                next = ended == Ending.Done ? end : at + 1;
                if (ended == Ending.TimeIsUp) break;
            }
        }
        finally
        {
            File.Delete(state);
        }
        return new(target.Name, Math.Min(next, end) - firstSeed, crashes, hangs, faults, peak);
    }

    private enum Ending { Done, Crash, Hang, TimeIsUp }

    private static Ending Watch(Process worker, MemoryMappedViewAccessor state, TimeSpan time, ref long peak)
    {
        var (watch, since, last) = (Stopwatch.StartNew(), Stopwatch.StartNew(), state.ReadInt64(0));
        while (!worker.WaitForExit(LookEvery))
        {
            worker.Refresh();
            try { peak = Math.Max(peak, worker.PeakWorkingSet64); }
            catch (InvalidOperationException) { } // It has just ended.
            var now = state.ReadInt64(0);
            if (now != last) (last, since) = (now, Stopwatch.StartNew());
            var ending = since.Elapsed > _patience ? Ending.Hang : watch.Elapsed > time ? Ending.TimeIsUp : Ending.Done;
            if (ending == Ending.Done) continue;
            worker.Kill();
            worker.WaitForExit();
            return ending;
        }
        worker.WaitForExit();
        return worker.ExitCode == 0 ? Ending.Done : Ending.Crash;
    }

    private static Process Start(FuzzTarget target, long first, long count, string state)
    {
        var host = Environment.ProcessPath is { } path && Path.GetFileNameWithoutExtension(path) == "dotnet" ? path : "dotnet";
        return Process.Start(new ProcessStartInfo(host,
        [
            typeof(FuzzRun).Assembly.Location, "worker", target.Name, first.ToString(CultureInfo.InvariantCulture),
            count.ToString(CultureInfo.InvariantCulture), state,
        ])
        {
            RedirectStandardOutput = true,
        })!;
    }
}
