using System.Diagnostics;

namespace GanPipeline.Pipelines;

/// <summary>How fast an exported file makes images.</summary>
internal static class SampleRate
{
    /// <summary>A rate measured over less time than this says little.</summary>
    private const double LeastSeconds = 0.5;

    /// <summary>Images a second, writing aside.</summary>
    /// <param name="images">Images of a run.</param>
    /// <param name="run">Runs the file once.</param>
    /// <param name="stop">Ends the measurement between runs.</param>
    public static double Measure(int images, Action run, CancellationToken stop)
    {
        run(); // The first one allocates.
        var started = Stopwatch.GetTimestamp();
        long made = 0;
        do
        {
            stop.ThrowIfCancellationRequested();
            run();
            made += images;
        }
        while (Stopwatch.GetElapsedTime(started).TotalSeconds < LeastSeconds);
        return made / Stopwatch.GetElapsedTime(started).TotalSeconds;
    }
}
