using GanPipeline.Inference;

namespace GanPipeline.Studio;

/// <summary>How far the search for directions has come.</summary>
internal enum DirectionState
{
    /// <summary>Not asked for.</summary>
    None,

    /// <summary>Pictures are made and read.</summary>
    Running,

    /// <summary>They are found.</summary>
    Done,

    /// <summary>It came to nothing, and <see cref="FoundDirections.Problem"/> says why.</summary>
    Failed,
}

/// <summary>The directions of a generator that a classifier reads.</summary>
/// <param name="State">How far the search is.</param>
/// <param name="Directions">Once they are found.</param>
/// <param name="Problem">Why there are none.</param>
internal sealed record FoundDirections(DirectionState State, IReadOnlyList<LatentDirection> Directions, string? Problem = null);

/// <summary>Finds directions in the background, one generator at a time, and keeps the last ones.</summary>
/// <param name="store">Opens the models.</param>
/// <param name="stop">The studio's end.</param>
internal sealed class DirectionFinder(ModelStore store, CancellationToken stop)
{
    private const int Most = 8;

    // The directions are those of the default options; they are only measured with fewer pictures.
    private static readonly LatentDirectionOptions _options = new() { TestCount = 100, Distances = [2] };

    private readonly List<(string Generator, string Reader, Task<FoundDirections> Search)> _searches = [];
    private Task _last = Task.CompletedTask;

    /// <summary>What is known.</summary>
    public FoundDirections Of(ModelFile generator, ModelFile reader)
    {
        lock (_searches)
        {
            return Find(generator, reader) is not { } search ? new(DirectionState.None, [])
                : search.IsCompletedSuccessfully ? search.Result : new(DirectionState.Running, []);
        }
    }

    /// <summary>Begins to find them, where nobody has.</summary>
    public void Begin(ModelFile generator, ModelFile reader)
    {
        lock (_searches)
        {
            if (Find(generator, reader) is { } known && (!known.IsCompleted || known.Result.State == DirectionState.Done)) return;
            _searches.RemoveAll(search => search.Generator == generator.Path && search.Reader == reader.Path);
            if (_searches.Count == Most) _searches.RemoveAt(0);
            // One after the other: each takes all processors.
            var search = _last.ContinueWith(_ => Search(generator, reader), CancellationToken.None, TaskContinuationOptions.None,
                TaskScheduler.Default);
            _searches.Add((generator.Path, reader.Path, search));
            _last = search;
        }
    }

    private Task<FoundDirections>? Find(ModelFile generator, ModelFile reader) =>
        _searches.Find(search => search.Generator == generator.Path && search.Reader == reader.Path).Search;

    private FoundDirections Search(ModelFile generator, ModelFile reader)
    {
        try
        {
            var found = store.WithGenerator(generator, makes => store.WithClassifier(reader, reads =>
                LatentDirectionSearch.Find(new LatentReader(makes, reads), _options, stop)));
            return new(DirectionState.Done, found);
        }
        catch (Exception e) when (e is ModelException or LatentException or ArgumentException or OperationCanceledException)
        {
            return new(DirectionState.Failed, [], e.Message);
        }
    }
}
