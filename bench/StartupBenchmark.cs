using System.Diagnostics;
using System.Globalization;
using GanPipeline.Export;
using GanPipeline.Training;

namespace GanPipeline.Bench;

/// <summary>
/// How long short commands of <c>gan</c> take from the process's start to its end, beside a .NET program that does nothing, which is this
/// one when it is called so; and <c>gan-sample</c>, where it is published, beside <c>gan generate</c> and a program in PyTorch.
/// </summary>
internal static class StartupBenchmark
{
    /// <summary>The only argument of the program that does nothing.</summary>
    public const string Nothing = "nothing";

    private const int Rounds = 20, Filters = 32;

    private const string Sample = "sample";

    private static readonly string[] _commands = ["help", "list", "inspect", "generate", Sample];

    public static IEnumerable<string> Names => _commands.Select(Name);

    public static IEnumerable<Row> Run(string filter)
    {
        var commands = _commands.Where(command => Selection.Matches(filter, Name(command))).ToArray();
        if (commands.Length == 0) yield break;
        var folder = Directory.CreateTempSubdirectory("gan-bench-").FullName;
        try
        {
            var model = Path.Combine(folder, "generator.onnx");
            using (var networks = Architectures.Create(new() { Name = "dcgan", Shape = new(1, 32, 32), Filters = Filters }))
                GanExporter.ExportGenerator(networks.Generator, networks.LatentSize, model);
            foreach (var command in commands.Where(command => command != Sample)) yield return Measure(command, model, folder);
            if (!commands.Contains(Sample)) yield break;
            if (!File.Exists(Sampler))
            {
                Console.Error.WriteLine($"gan bench: {Name(Sample)} is left out; dotnet publish src/Sampler -r {Self.Platform} makes it");
                yield break;
            }
            foreach (var row in MeasureSampler(model, folder)) yield return row;
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static string Name(string command) => "startup/" + command;

    private static Row Measure(string command, string model, string folder)
    {
        string[] arguments = command switch
        {
            "help" => ["--help"],
            "list" => ["list"],
            "inspect" => ["inspect", model],
            _ => ["generate", model, "--count", "1", "--out", Path.Combine(folder, "pictures")],
        };
        var (ours, peer, ratio) = Pair.Measure(() => Seconds(Gan, arguments), () => Seconds(Self.Executable, [Nothing]), Rounds);
        return new(Name(command), ours * 1000, peer * 1000, ".NET alone", "ms", ratio, Stack.Processor);
    }

    private static IEnumerable<Row> MeasureSampler(string model, string folder)
    {
        List<(string Name, Func<double> Run)> peers =
            [("gan generate", () => Seconds(Gan, ["generate", model, "--count", "1", "--out", Path.Combine(folder, "pictures")]))];
        if (PeerProcess.PyTorchProgram("sample.py") is var (python, script))
        {
            using var asked = Process.Start(new ProcessStartInfo(python, [script, "name"]) { RedirectStandardOutput = true })!;
            var filters = Filters.ToString(CultureInfo.InvariantCulture);
            peers.Add((asked.StandardOutput.ReadToEnd().Trim(),
                () => Seconds(python, [script, filters, Path.Combine(folder, "peer.png")])));
        }
        var (ours, measured) = Pair.Measure(
            () => Seconds(Sampler, [model, "--out", Path.Combine(folder, "sample.png")]), [.. peers.Select(peer => peer.Run)], Rounds);
        foreach (var (peer, (seconds, ratio)) in peers.Zip(measured))
            yield return new(Name(Sample), ours * 1000, seconds * 1000, peer.Name, "ms", ratio, Stack.Processor);
    }

    /// <summary>gan-sample, where it was published.</summary>
    private static string Sampler => Path.GetFullPath(Path.Combine(AppContext.BaseDirectory, "..", "..", "..", "publish",
        "GanPipeline.Sampler", "release_" + Self.Platform, OperatingSystem.IsWindows() ? "gan-sample.exe" : "gan-sample"));

    /// <summary>The program, built beside this one.</summary>
    private static string Gan => Path.GetFullPath(Path.Combine(AppContext.BaseDirectory, "..", "..", "GanPipeline.Cli", "release",
        OperatingSystem.IsWindows() ? "gan.exe" : "gan"));

    private static double Seconds(string program, string[] arguments)
    {
        var watch = Stopwatch.StartNew();
        using var process = Process.Start(new ProcessStartInfo(program, arguments)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        process.StandardOutput.ReadToEnd();
        var errors = process.StandardError.ReadToEnd();
        process.WaitForExit();
        if (process.ExitCode != 0) throw new BenchmarkException($"{program} {string.Join(' ', arguments)} failed: {errors}");
        return watch.Elapsed.TotalSeconds;
    }
}
