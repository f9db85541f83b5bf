using System.Globalization;
using System.IO.MemoryMappedFiles;

namespace GanPipeline.Fuzzing;

/// <summary>Reads one input after another, and keeps in a file which one it is at: whoever watches it knows which one ended it.</summary>
internal static class FuzzWorker
{
    /// <summary>Of the processor's time, so that other programs do not count; one that waits is noticed by whoever watches.</summary>
    private static readonly TimeSpan _most = TimeSpan.FromSeconds(5);

    public static void Run(FuzzTarget target, long first, long count, string stateFile)
    {
        _ = target.Files;
        using var map = MemoryMappedFile.CreateFromFile(stateFile, FileMode.Open, null, sizeof(long));
        using var state = map.CreateViewAccessor(0, sizeof(long));
        var folder = Directory.CreateTempSubdirectory("gan-fuzz-").FullName;
        try
        {
            for (var seed = first; seed - first < count; seed++)
            {
                state.Write(0, seed);
                var (name, bytes) = target.Input(seed);
                var before = Environment.CpuUsage.TotalTime;
                try
                {
                    target.Read(folder, name, bytes);
                    var time = Environment.CpuUsage.TotalTime - before;
                    if (time > _most) throw new TimeoutException($"It took {time.TotalSeconds:0.0} s of a processor.");
                }
                catch (Exception e) when (target.IsAnswer(e))
                {
                    // The user is told what is wrong.
                }
                catch (Exception e)
                {
                    Console.WriteLine(string.Create(
                        CultureInfo.InvariantCulture, $"{seed} {e.GetType().Name}: {e.Message.ReplaceLineEndings(" ")}"));
                }
                foreach (var file in Directory.EnumerateFileSystemEntries(folder))
                    if (Directory.Exists(file)) Directory.Delete(file, recursive: true);
                    else File.Delete(file);
            }
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }
}
