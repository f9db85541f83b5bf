using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace GanPipeline.Hosting;

/// <summary>
/// What a service tells of itself, by <c>System.Diagnostics.Metrics</c> and <c>ActivitySource</c>: OpenTelemetry and dotnet-counters
/// listen to the name <see cref="Name"/>. Nothing is measured where nobody listens.
/// </summary>
public static class GeneratorMetrics
{
    /// <summary>The meter's and the activities' name.</summary>
    public const string Name = "GanPipeline.Hosting";

    private static readonly Meter _meter = new(Name);
    private static readonly ActivitySource _activities = new(Name);

    private static readonly Counter<long> _images =
        _meter.CreateCounter<long>("gan.images", "{image}", "Images that were computed.");

    private static readonly Counter<long> _failed =
        _meter.CreateCounter<long>("gan.images.failed", "{image}", "Images of batches at which the model failed.");

    private static readonly Counter<long> _rejected =
        _meter.CreateCounter<long>("gan.images.rejected", "{image}", "Images that were not taken because too many waited.");

    private static readonly UpDownCounter<long> _waiting =
        _meter.CreateUpDownCounter<long>("gan.images.waiting", "{image}", "Images that wait or are computed.");

    private static readonly Histogram<int> _batches = _meter.CreateHistogram<int>("gan.batch.size", "{image}", "Images of a batch.");

    private static readonly Histogram<double> _seconds =
        _meter.CreateHistogram<double>("gan.batch.duration", "s", "The time that the network takes for a batch.");

    internal static void Waits(int count) => _waiting.Add(count);

    internal static void Rejected(int count) => _rejected.Add(count);

    internal static void Failed(int count) => _failed.Add(count);

    internal static void Computed(int count, TimeSpan time)
    {
        _images.Add(count);
        _batches.Record(count);
        _seconds.Record(time.TotalSeconds);
    }

    internal static Activity? Start(int images, int requests)
    {
        var activity = _activities.StartActivity("gan.batch");
        activity?.SetTag("gan.images", images);
        activity?.SetTag("gan.requests", requests);
        return activity;
    }
}
