using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using GanPipeline.Training;
using TorchSharp;

namespace GanPipeline.Bench;

/// <summary>
/// <c>gan bench profile [ROW]</c>: the operators that a training step spends most of its time in, as libtorch's own profiler (Kineto)
/// reports them, and the time of each kind of primitive, as oneDNN reports it. Linux alone: Kineto is told to begin by a signal.
/// </summary>
internal static partial class Profile
{
    public const string Command = "profile";

    /// <summary>The first argument of the process that is looked at; the second is a row's name.</summary>
    public const string Subject = "profile-subject";

    // What the subject says before its steps, with the updates of weights in a step behind it.
    private const string Ready = "ready ";

    private const int Operators = 10;
    private const int TraceSeconds = 3;
    private const int OneDnnSteps = 5;
    private const int UserSignal2 = 12;

    // torch::global_kineto_init(), which PyTorch's Python module calls as it is imported.
    private const string InitializeProfiler = "_ZN5torch18global_kineto_initEv";

    // Kineto polls for a while before it sees the signal.
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(60);

    /// <summary>Prints the profile of a row.</summary>
    /// <exception cref="BenchmarkException">There is no such row, or no profile of it.</exception>
    public static void Print(string row)
    {
        if (!OperatingSystem.IsLinux()) throw new BenchmarkException("a profile can be had on Linux alone");
        MeasuredTraining.Require(row);
        var folder = Directory.CreateTempSubdirectory("gan-bench-").FullName;
        try
        {
            Console.WriteLine($"{row}, {Stack.Torch}");
            var (trace, updates) = Trace(row, folder);
            PrintOperators(OperatorTimes.Read(trace), updates);
            PrintPrimitives(OneDnnTimes.Read(OneDnnLog(row)));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    /// <summary>Trains until the standard input ends, or a number of steps.</summary>
    /// <param name="row">What.</param>
    /// <param name="steps">The number; 0 is without end.</param>
    public static void Train(string row, int steps)
    {
        var device = Devices.Resolve("auto");
        Devices.UseThreads(0);
        if (steps == 0) StartProfiler();
        using var training = MeasuredTraining.Of(row, device);
        training.Run(1);
        Console.WriteLine($"{Ready}{training.Updates}");
        var ended = Task.Run(Console.In.ReadToEnd);
        for (var i = 0; steps == 0 ? !ended.IsCompleted : i < steps; i++) training.Run(1);
    }

    private static unsafe void StartProfiler()
    {
        var library = NativeLibrary.Load("torch_cpu", typeof(torch).Assembly, null);
        ((delegate* unmanaged<void>)NativeLibrary.GetExport(library, InitializeProfiler))();
    }

    /// <summary>A trace of some seconds of a training, a file, and the updates of weights in a step.</summary>
    private static (string File, int Updates) Trace(string row, string folder)
    {
        var configuration = Path.Combine(folder, "kineto.conf");
        File.WriteAllText(configuration, "ENABLE_SIGUSR2=YES\n");
        // Where Kineto looks when it gets the signal.
        var request = Path.Combine(Path.GetTempPath(), "libkineto.conf");
        File.WriteAllLines(request,
        [
            "ACTIVITIES_ENABLED=true",
            "ACTIVITIES_WARMUP_PERIOD_SECS=0",
            $"ACTIVITIES_DURATION_MSECS={TraceSeconds * 1000}",
            $"ACTIVITIES_LOG_FILE={Path.Combine(folder, "trace.json")}",
            "PROFILE_REPORT_INPUT_SHAPES=true",
        ]);
        using var subject = Start(row, 0, new() { ["KINETO_USE_DAEMON"] = "1", ["KINETO_CONFIG"] = configuration });
        try
        {
            var updates = Expect(subject);
            Thread.Sleep(TimeSpan.FromSeconds(1));
            if (Kill(subject.Id, UserSignal2) != 0) throw new BenchmarkException("the profiler could not be told to begin");
            for (var waited = Stopwatch.StartNew(); waited.Elapsed < _patience; Thread.Sleep(200))
            {
                if (subject.HasExited) throw new BenchmarkException("the training ended before its profile was made");
                // A whole file ends with its last brace; it is renamed when it is.
                if (Directory.GetFiles(folder, "trace_*.json") is [var trace] && EndsWhole(trace)) return (trace, updates);
            }
            throw new BenchmarkException("libtorch's profiler made no profile");
        }
        finally
        {
            subject.Kill();
            subject.WaitForExit();
            File.Delete(request);
        }
    }

    private static bool EndsWhole(string path)
    {
        using var stream = File.OpenRead(path);
        if (stream.Length < 2) return false;
        stream.Position = Math.Max(0, stream.Length - 8);
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd().TrimEnd().EndsWith('}');
    }

    /// <summary>What oneDNN writes of some steps.</summary>
    private static List<string> OneDnnLog(string row)
    {
        using var subject = Start(row, OneDnnSteps, new() { ["ONEDNN_VERBOSE"] = "1" });
        var lines = new List<string>();
        while (subject.StandardOutput.ReadLine() is { } line)
        {
            if (line.StartsWith(Ready, StringComparison.Ordinal)) lines.Clear();
            else lines.Add(line);
        }
        subject.WaitForExit();
        return lines;
    }

    /// <summary>Waits until the training runs.</summary>
    /// <returns>The updates of weights in a step.</returns>
    private static int Expect(Process subject)
    {
        while (subject.StandardOutput.ReadLine() is { } line)
        {
            if (line.StartsWith(Ready, StringComparison.Ordinal)) return int.Parse(line[Ready.Length..], CultureInfo.InvariantCulture);
        }
        throw new BenchmarkException("the training that is looked at did not begin");
    }

    private static Process Start(string row, int steps, Dictionary<string, string> environment)
    {
        var start = new ProcessStartInfo(Self.Executable, [Subject, row, steps.ToString(CultureInfo.InvariantCulture)])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var (name, value) in environment) start.Environment[name] = value;
        var process = Process.Start(start)!;
        process.BeginErrorReadLine();
        return process;
    }

    private static void PrintOperators(OperatorTimes times, int updates)
    {
        var steps = times.Calls("aten::_fused_adam_") / (double)updates;
        if (steps == 0) throw new BenchmarkException("the profile holds no whole step");
        Console.WriteLine(Invariant($"libtorch: {times.Total / steps:F1} ms a step in operators, of {times.Span / steps:F1} ms in all"));
        Console.WriteLine("  share   ms/step  calls  operator, sizes of its first inputs");
        foreach (var line in times.Dearest(Operators))
            PrintLine(line.Milliseconds / times.Span, line.Milliseconds / steps, line.Calls / steps, line.Name);
    }

    private static void PrintPrimitives(OneDnnTimes times)
    {
        Console.WriteLine(Invariant($"oneDNN: {times.Total / OneDnnSteps:F1} ms a step"));
        foreach (var (kind, milliseconds, calls) in times.Kinds)
            PrintLine(milliseconds / times.Total, milliseconds / OneDnnSteps, calls / (double)OneDnnSteps, kind);
    }

    private static void PrintLine(double share, double milliseconds, double calls, string name) =>
        Console.WriteLine(Invariant($"  {share,5:P0} {milliseconds,9:F2} {calls,6:F1}  {name}"));

    private static string Invariant(FormattableString text) => FormattableString.Invariant(text);

    [LibraryImport("libc", EntryPoint = "kill", SetLastError = true)]
    private static partial int Kill(int process, int signal);
}
