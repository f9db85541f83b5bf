using System.Globalization;

namespace GanPipeline.Training;

/// <summary>That this process was started as one of several, as a launcher of MPI says in the environment.</summary>
/// <param name="Rank">This process's number, 0 to <paramref name="Size"/> - 1.</param>
/// <param name="Size">How many were started, at least 1.</param>
/// <param name="Variable">The environment variable that says how many.</param>
internal sealed record Launch(int Rank, int Size, string Variable)
{
    // Rank, and what says how many there are. Slurm's step variables count only where Slurm has set PMIx up: a batch script has them too.
    private static readonly (string Rank, string[] Sizes)[] _launchers =
    [
        ("OMPI_COMM_WORLD_RANK", ["OMPI_COMM_WORLD_SIZE"]),
        ("PMI_RANK", ["PMI_SIZE"]),
        ("PMIX_RANK", ["SLURM_STEP_NUM_TASKS", "SLURM_NTASKS"]),
    ];

    /// <summary>Whether the launcher is Open MPI's or Slurm's for PMIx, which Open MPI's library goes with; else MPICH's does.</summary>
    public bool IsOfOpenMpi => Variable != "PMI_SIZE";

    /// <summary>
    /// What <c>mpirun</c> of Open MPI or MPICH says, or Slurm's <c>srun</c> with <c>--mpi=pmi2</c> or <c>--mpi=pmix</c>; null where none
    /// started this process, or <see cref="Mpi.LibraryVariable"/> says that it is to be alone all the same.
    /// </summary>
    /// <param name="variable">Reads a variable of the environment; null reads that of the process.</param>
    /// <exception cref="TrainingException">A variable is no number, or they contradict each other.</exception>
    public static Launch? FromEnvironment(Func<string, string?>? variable = null)
    {
        variable ??= Environment.GetEnvironmentVariable;
        if (variable(Mpi.LibraryVariable) == Mpi.NoLibrary) return null;
        foreach (var (rankName, sizeNames) in _launchers)
        {
            if (Number(rankName) is not { } rank) continue;
            if (sizeNames.FirstOrDefault(name => Number(name) is not null) is not { } sizeName) continue;
            var size = Number(sizeName)!.Value;
            if (rank >= size)
                throw new TrainingException($"{rankName} is {rank} and {sizeName} is {size}, but ranks are below the number of processes.");
            return new(rank, size, sizeName);
        }
        return null;

        int? Number(string name) => variable(name) is not { Length: > 0 } text ? null
            : int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var value) ? value
            : throw new TrainingException($"{name} is '{text}', and no number.");
    }
}
