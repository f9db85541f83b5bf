using System.Globalization;

namespace GanPipeline.Inference;

/// <summary>
/// How many threads a session gets. ONNX Runtime starts one for every core of the machine, which in a container that may use two of its 64
/// is 62 too many; .NET knows the limits of cgroups.
/// </summary>
internal static class ProcessorShare
{
    private static readonly Lazy<int?> _online = new(ReadOnline);

    /// <summary>For <see cref="ModelOptions.Threads"/>, what ONNX Runtime is told; 0 leaves it the choice.</summary>
    public static int Threads(int asked) => Threads(asked, Environment.ProcessorCount, _online.Value);

    internal static int Threads(int asked, int allowed, int? online) => asked > 0 ? asked : allowed < online ? allowed : 0;

    /// <summary>The processors in a list of ranges, as in <c>0-3,8</c>.</summary>
    internal static int? Count(string ranges)
    {
        var count = 0;
        foreach (var range in ranges.Trim().Split(','))
        {
            var ends = range.Split('-');
            if (!int.TryParse(ends[0], NumberStyles.None, CultureInfo.InvariantCulture, out var first)
                || !int.TryParse(ends[^1], NumberStyles.None, CultureInfo.InvariantCulture, out var last) || last < first) return null;
            count += last - first + 1;
        }
        return count;
    }

    private static int? ReadOnline()
    {
        try
        {
            return OperatingSystem.IsLinux() ? Count(File.ReadAllText("/sys/devices/system/cpu/online")) : null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
