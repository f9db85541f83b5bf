using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text.RegularExpressions;
using Xunit.Abstractions;
using static TorchSharp.torch;

namespace GanPipeline.Training.Tests;

/// <summary>Two processes train one model, on each kind of MPI that is installed.</summary>
public class MpiTests(ITestOutputHelper output)
{
    private const int Steps = 12;

    // A sum of float32 gradients in another order differs in its last bits, 6e-8 of the sum. Twelve updates of a learning rate of 1e-3 take
    // such differences on; 1e-5 is a hundredth of one update.
    private const float Tolerance = 1e-5f;

    [Theory]
    [MpiData(MpiKind.OpenMpi, MpiProgram.Plain)]
    [MpiData(MpiKind.Mpich, MpiProgram.Plain)]
    [MpiData(MpiKind.OpenMpi, MpiProgram.Synchronized)]
    [MpiData(MpiKind.Mpich, MpiProgram.Synchronized)]
    public void Two_processes_with_half_of_each_batch_end_in_the_weights_of_one_with_all_of_it(MpiKind kind, string name)
    {
        using var folder = new TemporaryFolder();
        var whole = MpiProgram.Train(name, folder["one"], Steps);
        var text = Run(kind, name, folder["two"], Steps);
        Assert.Equal(["continues from 0 with 2 processes", "saved 5", "saved 10", "saved 12"], Lines(text));
        Assert.Equal(File.ReadAllBytes(folder["two/weights-0"]), File.ReadAllBytes(folder["two/weights-1"]));
        AssertClose(whole.Checkpoint, Checkpoint.Last(folder["two"]));
        // The losses of the log are the whole batches' too, and one process writes it.
        var (one, two) = (Metrics(folder["one"]), Metrics(folder["two"]));
        Assert.Equal(one.Select(line => line.Step), two.Select(line => line.Step));
        foreach (var (expected, actual) in one.Zip(two))
        {
            Assert.Equal(expected.DiscriminatorLoss, actual.DiscriminatorLoss, Tolerance * 10);
            Assert.Equal(expected.GeneratorLoss, actual.GeneratorLoss, Tolerance * 10);
            Assert.Equal(expected.DiscriminatorGradientNorm!.Value, actual.DiscriminatorGradientNorm!.Value, Tolerance * 100);
        }
        Assert.Equal(Names(folder["one"]), Names(folder["two"]));
    }

    [Theory]
    [MpiData(MpiKind.OpenMpi)]
    [MpiData(MpiKind.Mpich)]
    public void A_training_goes_on_with_another_number_of_processes(MpiKind kind)
    {
        using var folder = new TemporaryFolder();
        var whole = MpiProgram.Train(MpiProgram.Plain, folder["whole"], Steps);
        Run(kind, MpiProgram.Plain, folder["parts"], 4);
        Assert.Equal(2, Checkpoint.ReadInfo(Checkpoint.Last(folder["parts"])).Processes);
        var observer = new RecordingObserver();
        MpiProgram.Train(MpiProgram.Plain, folder["parts"], 8, observer: observer);
        Assert.Equal(4, observer.Start!.FirstStep);
        Assert.Contains("continues from 8 with 2 processes", Run(kind, MpiProgram.Plain, folder["parts"], Steps), StringComparison.Ordinal);
        AssertClose(whole.Checkpoint, Checkpoint.Last(folder["parts"]));
    }

    [Theory]
    [MpiData(MpiKind.OpenMpi)]
    [MpiData(MpiKind.Mpich)]
    public void A_stopped_training_of_two_processes_goes_on_in_the_same_bits(MpiKind kind)
    {
        using var folder = new TemporaryFolder();
        Run(kind, MpiProgram.Everything, folder["whole"], 14);
        Run(kind, MpiProgram.Everything, folder["parts"], 7);
        Run(kind, MpiProgram.Everything, folder["parts"], 14);
        Assert.Equal(File.ReadAllBytes(folder["whole/weights-0"]), File.ReadAllBytes(folder["whole/weights-1"]));
        Assert.Equal(File.ReadAllBytes(folder["whole/weights-1"]), File.ReadAllBytes(folder["parts/weights-1"]));
        Assert.Equal(
            File.ReadAllBytes(Path.Combine(Checkpoint.Last(folder["whole"]), "weights.safetensors")),
            File.ReadAllBytes(Path.Combine(Checkpoint.Last(folder["parts"]), "weights.safetensors")));
    }

    [Theory]
    [MpiData(MpiKind.OpenMpi)]
    [MpiData(MpiKind.Mpich)]
    public void All_that_a_training_can_have_leaves_equal_weights(MpiKind kind)
    {
        using var folder = new TemporaryFolder();
        Run(kind, MpiProgram.Mixed, folder.Path, Steps);
        Assert.Equal(File.ReadAllBytes(folder["weights-0"]), File.ReadAllBytes(folder["weights-1"]));
        Assert.Equal([5L, 10, 12], Metrics(folder.Path).Select(line => line.Step).Where(step => step % 5 == 0 || step == Steps));
        Assert.NotNull(Checkpoint.Best(folder.Path));
    }

    [Theory]
    [MpiData(MpiKind.OpenMpi, 0)]
    [MpiData(MpiKind.OpenMpi, 1)]
    [MpiData(MpiKind.Mpich, 0)]
    [MpiData(MpiKind.Mpich, 1)]
    public void A_killed_process_ends_all_and_the_last_checkpoint_is_whole(MpiKind kind, int rank)
    {
        using var folder = new TemporaryFolder();
        using var mpirun = Process.Start(MpiProgram.Start(kind, MpiProgram.Plain, folder.Path, 1_000_000))!;
        while (mpirun.StandardOutput.ReadLine() is { } line && line != "saved 10") output.WriteLine(line);
        int[] processes =
            [.. new[] { 0, 1 }.Select(r => int.Parse(File.ReadAllText(folder[$"pid-{r}"]), CultureInfo.InvariantCulture))];
        using var other = Process.GetProcessById(processes[1 - rank]);
        using (var victim = Process.GetProcessById(processes[rank])) victim.Kill();
        var (code, rest, error) = MpiLauncher.Finish(mpirun);
        output.WriteLine(error);
        Assert.NotEqual(0, code);
        // The launcher tells it, each kind in its own words.
        Assert.Contains("signal 9", rest + error, StringComparison.Ordinal);
        Assert.True(other.WaitForExit(TimeSpan.FromMinutes(1)), "the other process goes on");
        var last = Checkpoint.ReadInfo(Checkpoint.Last(folder.Path));
        Assert.True(last.Step >= 10);
        var observer = new RecordingObserver();
        MpiProgram.Train(MpiProgram.Plain, folder.Path, last.Step + 1, observer: observer);
        Assert.Equal(last.Step, observer.Start!.FirstStep);
    }

    [Theory]
    [MpiData(MpiKind.OpenMpi)]
    [MpiData(MpiKind.Mpich)]
    public void A_process_that_fails_by_itself_says_why_and_ends_all(MpiKind kind)
    {
        using var folder = new TemporaryFolder();
        var (code, _, error) = MpiLauncher.Run(MpiProgram.Start(kind, MpiProgram.Damaged, folder.Path, Steps));
        output.WriteLine(error);
        Assert.NotEqual(0, code);
        Assert.Contains("Rank 1 of 2: the disk with the pictures is gone", error, StringComparison.Ordinal);
    }

    [Theory]
    [MpiData(MpiKind.OpenMpi, MpiProgram.Diverging, "Training diverged: the ")]
    [MpiData(MpiKind.Mpich, MpiProgram.Diverging, "Training diverged: the ")]
    [MpiData(MpiKind.OpenMpi, MpiProgram.Unequal, "it is to train something else than rank 0: seed was 0 and is 1.")]
    [MpiData(MpiKind.Mpich, MpiProgram.Unequal, "Rank 1 of 2 processes failed: it is to train something else than rank 0: ")]
    [MpiData(MpiKind.OpenMpi, MpiProgram.Indivisible, "A batch of 7 images cannot be divided among 2 processes: its size is a multiple of")]
    public void What_all_find_wrong_ends_all(MpiKind kind, string name, string message)
    {
        using var folder = new TemporaryFolder();
        var (code, _, error) = MpiLauncher.Run(MpiProgram.Start(kind, name, folder.Path, Steps));
        output.WriteLine(error);
        Assert.Equal(2, code);
        Assert.Contains(message, error, StringComparison.Ordinal);
        Assert.False(Directory.Exists(folder["checkpoints"]) && Directory.EnumerateFileSystemEntries(folder["checkpoints"]).Any());
    }

    [Theory]
    [MpiData(MpiKind.OpenMpi)]
    [MpiData(MpiKind.Mpich)]
    public void Two_processes_share_the_processors(MpiKind kind)
    {
        using var folder = new TemporaryFolder();
        Run(kind, MpiProgram.Automatic, folder.Path, 2);
        foreach (var rank in new[] { 0, 1 })
        {
            var threads = int.Parse(File.ReadAllText(folder[$"threads-{rank}"]), CultureInfo.InvariantCulture);
            Assert.InRange(threads, 1, Math.Max(1, Environment.ProcessorCount / 2));
        }
    }

    [Theory]
    [MpiData(MpiKind.OpenMpi, "libmpich.so.12", "MPICH (libmpich.so.12) sees 1")]
    [MpiData(MpiKind.Mpich, "libmpi.so.40", "Open MPI (libmpi.so.40) sees 1")]
    [MpiData(MpiKind.OpenMpi, "/nowhere/libmpi.so", "GAN_MPI_LIBRARY is '/nowhere/libmpi.so', which is no library of MPI")]
    [MpiData(MpiKind.OpenMpi, "libc.so.6", "GAN_MPI_LIBRARY is 'libc.so.6', which is no library of MPI")]
    public void A_library_that_does_not_go_with_the_launcher_is_told(MpiKind kind, string library, string message)
    {
        if (!library.Contains('/', StringComparison.Ordinal) && !NativeLibrary.TryLoad(library, out _)) return;
        using var folder = new TemporaryFolder();
        var start = MpiProgram.Start(kind, MpiProgram.Plain, folder.Path, 2);
        start.Environment["GAN_MPI_LIBRARY"] = library;
        var (code, _, error) = MpiLauncher.Run(start);
        output.WriteLine(error);
        Assert.Equal(2, code);
        Assert.Contains(message, error, StringComparison.Ordinal);
        Assert.False(Directory.Exists(folder["checkpoints"]));
    }

    private string Run(MpiKind kind, string name, string folder, long steps)
    {
        var (code, text, error) = MpiLauncher.Run(MpiProgram.Start(kind, name, folder, steps));
        output.WriteLine(text + error);
        Assert.True(code == 0, text + error);
        return text;
    }

    /// <summary>Without what .NET tells a terminal, which Open MPI gives the first process.</summary>
    private static string[] Lines(string text) =>
        Regex.Replace(text, @"\e(\[[0-9;?]*[A-Za-z]|=)", "").Split(['\r', '\n'], StringSplitOptions.RemoveEmptyEntries);

    private static IReadOnlyList<GanMetrics> Metrics(string folder) => new TrainingFolder(folder).ReadMetrics<GanMetrics>();

    /// <summary>The files of a training, but for those that the program of the test adds.</summary>
    private static string[] Names(string folder) =>
        [.. Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories).Select(file => Path.GetRelativePath(folder, file))
            .Where(name => !name.Contains('-', StringComparison.Ordinal) || name.Contains("step-", StringComparison.Ordinal)).Order()];

    /// <summary>All that checkpoints hold: weights, optimisers, averages, statistics.</summary>
    private void AssertClose(string expected, string actual)
    {
        using var one = SafeTensorsFile.Open(Path.Combine(expected, "weights.safetensors"));
        using var two = SafeTensorsFile.Open(Path.Combine(actual, "weights.safetensors"));
        Assert.Equal(one.Entries.Keys.Order(), two.Entries.Keys.Order());
        var largest = 0f;
        foreach (var (name, entry) in one.Entries)
        {
            using var scope = NewDisposeScope();
            var (a, b) = (empty(entry.Shape, dtype: entry.Type), empty(entry.Shape, dtype: entry.Type));
            one.CopyTo(entry, a);
            two.CopyTo(two.Entries[name], b);
            if (a.numel() == 0) continue;
            largest = Math.Max(largest, (a - b).abs().max().to(float32).item<float>());
            Assert.True(largest < Tolerance, $"{name} differs by {largest}");
        }
        output.WriteLine($"the largest difference is {largest}");
    }
}
