using System.Globalization;

namespace GanPipeline.Fuzzing;

/// <summary>
/// This assembly as a program. <c>run MINUTES [TARGET]...</c> fuzzes each target for so long and prints a line for each;
/// <c>one TARGET SEED</c> reads one input, with the whole exception; <c>worker ...</c> is the process that reads them.
/// </summary>
internal static class FuzzProgram
{
    public static IReadOnlyList<FuzzTarget> Targets { get; } =
        [new PictureTarget(), new ArchiveTarget(), new TableTarget(), new RawTarget(), new ModelTarget(), new CheckpointTarget(),
            new ConfigurationTarget(), new WeightsTarget(), new InspectTarget()];

    public static FuzzTarget Target(string name) => Targets.Append(new BrokenTarget()).First(t => t.Name == name);

    public static int Main(string[] arguments)
    {
        switch (arguments)
        {
            case ["worker", var target, var first, var count, var state]:
                FuzzWorker.Run(Target(target), Number(first), Number(count), state);
                return 0;
            case ["one", var target, var seed]:
                return One(Target(target), Number(seed));
            case ["run", var minutes, .. var names]:
                var time = TimeSpan.FromMinutes(double.Parse(minutes, CultureInfo.InvariantCulture));
                var clean = true;
                foreach (var target in Targets.Where(t => names.Length == 0 || names.Contains(t.Name)))
                {
                    var report = FuzzRun.Run(target, long.MaxValue, time, firstSeed: DateTime.UtcNow.Ticks >> 20 & 0x3FFFFFFF);
                    Console.WriteLine(report);
                    clean &= report.IsClean;
                }
                return clean ? 0 : 1;
            default:
                Console.Error.WriteLine("run MINUTES [TARGET]... | one TARGET SEED; the targets are " +
                    string.Join(", ", Targets.Select(t => t.Name)));
                return 2;
        }
    }

    private static int One(FuzzTarget target, long seed)
    {
        var (name, bytes) = target.Input(seed);
        var input = Path.Combine(Path.GetTempPath(), $"gan-fuzz-{target.Name}-{seed}-{name}");
        File.WriteAllBytes(input, bytes);
        Console.WriteLine(input);
        var folder = Directory.CreateTempSubdirectory("gan-fuzz-").FullName;
        try
        {
            target.Read(folder, name, bytes);
            Console.WriteLine("It was read.");
            return 0;
        }
        catch (Exception e)
        {
            Console.WriteLine(target.IsAnswer(e) ? e.Message : e.ToString());
            return target.IsAnswer(e) ? 0 : 1;
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static long Number(string text) => long.Parse(text, CultureInfo.InvariantCulture);
}
