using System.Globalization;

namespace GanPipeline.Jobs;

/// <summary>
/// One of several parts of a job, each of which makes the shards whose number leaves its index when divided by their count.
/// </summary>
/// <param name="Index">From 0 to <paramref name="Count"/> - 1.</param>
/// <param name="Count">How many parts there are, at least 1.</param>
public readonly record struct JobPart(int Index, int Count)
{
    // Index, count, and what the index begins with.
    private static readonly (string Index, string? Count, string? First)[] _environments =
    [
        ("SLURM_ARRAY_TASK_ID", "SLURM_ARRAY_TASK_COUNT", "SLURM_ARRAY_TASK_MIN"),
        ("JOB_COMPLETION_INDEX", null, null),
        ("OMPI_COMM_WORLD_RANK", "OMPI_COMM_WORLD_SIZE", null),
        ("PMI_RANK", "PMI_SIZE", null),
    ];

    /// <summary>All of the job.</summary>
    public static JobPart Whole { get; } = new(0, 1);

    /// <summary>Whether a shard belongs to this part.</summary>
    public bool Has(long shard) => shard % Count == Index;

    /// <summary>A part as it is written on a command line: <c>3/8</c>.</summary>
    /// <exception cref="FormatException">It is no such text, or there is no such part.</exception>
    public static JobPart Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return text.Split('/') is [var index, var count]
            && int.TryParse(index, NumberStyles.None, CultureInfo.InvariantCulture, out var i)
            && int.TryParse(count, NumberStyles.None, CultureInfo.InvariantCulture, out var n)
            ? Of(i, n)
            : throw new FormatException($"A part of a job is INDEX/COUNT, such as 0/8 for the first of eight; got '{text}'.");
    }

    /// <summary>
    /// The part that a cluster gives this process: of a Slurm array, a Kubernetes indexed job, Open MPI, or MPICH. Null where none does.
    /// </summary>
    /// <param name="count">How many parts there are, which Kubernetes does not say; null takes what the others say.</param>
    /// <param name="variable">Reads a variable of the environment; null reads that of the process.</param>
    /// <exception cref="FormatException">A variable is no number, or says nothing that can be meant.</exception>
    public static JobPart? FromEnvironment(int? count = null, Func<string, string?>? variable = null)
    {
        variable ??= Environment.GetEnvironmentVariable;
        foreach (var (indexName, countName, firstName) in _environments)
        {
            if (Number(indexName) is not { } index) continue;
            if (count is null && countName is null)
                throw new FormatException($"{indexName} is set, but not how many parts there are: give their number.");
            var parts = count ?? Number(countName!)
                ?? throw new FormatException($"{indexName} is set, but {countName} is not: give the number of parts.");
            return Of(index - (firstName is null ? 0 : Number(firstName) ?? 0), parts);
        }
        return null;

        int? Number(string name) => variable(name) is not { Length: > 0 } text ? null
            : int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var value) ? value
            : throw new FormatException($"{name} is '{text}', and no number.");
    }

    /// <summary>As <see cref="Parse"/> reads it.</summary>
    public override string ToString() => FormattableString.Invariant($"{Index}/{Count}");

    private static JobPart Of(int index, int count) => count > 0 && index >= 0 && index < count
        ? new(index, count)
        : throw new FormatException($"There is no part {index} of {count}: the first is 0, the last {count - 1}.");
}
