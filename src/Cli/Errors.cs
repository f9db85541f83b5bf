using System.Reflection;
using GanPipeline.Data;
using GanPipeline.Export;
using GanPipeline.Inference;
using GanPipeline.Pipelines;
using GanPipeline.Training;

namespace GanPipeline.Cli;

/// <summary>From exceptions to exit codes and the lines that people read.</summary>
internal static class Errors
{
    /// <summary>Whether this program was packed as a .NET tool.</summary>
    private static readonly bool _isTool = typeof(Errors).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>()
        .Any(attribute => attribute.Key == "GanTool");

    public static (int Code, IReadOnlyList<string> Lines) Explain(Exception e) => e switch
    {
        RequestException r => (Shell.Wrong, r.Problems.Count > 0 ? r.Problems : [r.Message]),
        OperationCanceledException => (Shell.Failed, ["Stopped. The same command does the rest."]),
        AggregateException { InnerException: { } inner } => Explain(inner),
        TypeInitializationException { InnerException: { } inner } => Explain(inner),
        TrainingException { InnerException: DllNotFoundException } when _isTool => (Shell.Failed,
            ["This gan is the .NET tool, which has no Torch: training and export are in ./gan of the repository."]),
        DllNotFoundException => (Shell.Failed, [$"A native library is missing: {OneLine(e)} Run gan doctor, which says what is needed."]),
        OutOfMemoryException => (Shell.Failed,
            ["Out of memory. A smaller train.batch-size, architecture.filters or train.cache-mb needs less."]),
        UnauthorizedAccessException => (Shell.Failed, [OneLine(e) + " Give a place that can be written with --out."]),
        _ => (Shell.Failed, [OneLine(e)]),
    };

    /// <summary>Whether nobody wrote this message for a user.</summary>
    public static bool IsUnexpected(
        Exception e) => e is not (RequestException or WorkException or OperationCanceledException or DataSetException or ModelException
        or ExportException or CheckpointException or TrainingException or IOException
        or UnauthorizedAccessException or OutOfMemoryException or DllNotFoundException);

    /// <summary>The message without line breaks; of a missing library, without the list of places where it was looked for.</summary>
    public static string OneLine(Exception e)
    {
        var message = e.Message;
        if (e is DllNotFoundException && message.IndexOf(". In order", StringComparison.Ordinal) is var end and > 0) message = message[
            ..(end + 1)];
        return string.Join(
            ' ',
            message.Split((char[]?)['\r', '\n'], StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).Take(3));
    }
}
