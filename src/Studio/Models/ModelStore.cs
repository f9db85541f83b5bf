using System.Collections.Concurrent;
using GanPipeline.Inference;

namespace GanPipeline.Studio;

/// <summary>What is known of a model without opening it again.</summary>
/// <param name="Width">W of its pictures.</param>
/// <param name="Channels">C of its pictures.</param>
/// <param name="DataSet">What it was trained with; null where it does not say.</param>
/// <param name="IsConditional">Whether it is told labels that it describes, or texts.</param>
internal sealed record ModelSummary(int Width, int Channels, string? DataSet, bool IsConditional);

/// <summary>Models that are open. Those used last stay open; a file that has changed is opened anew.</summary>
internal sealed class ModelStore : IDisposable
{
    /// <summary>More are closed as soon as nobody uses them.</summary>
    public const int Most = 6;

    private readonly List<Entry> _entries = [];
    private readonly ConcurrentDictionary<(string Path, DateTime Changed), ModelSummary?> _summaries = new();

    /// <summary>Works with a generator. Several threads may work with one model at once.</summary>
    /// <typeparam name="T">Of what comes of it.</typeparam>
    /// <param name="file">The model's file.</param>
    /// <param name="work">Is not to keep the model.</param>
    /// <exception cref="ModelException">It cannot be opened, or fails.</exception>
    public T WithGenerator<T>(ModelFile file, Func<GeneratorModel, T> work) => With(file, path => GeneratorModel.Load(path), work);

    /// <summary>Works with a classifier.</summary>
    /// <inheritdoc cref="WithGenerator"/>
    public T WithClassifier<T>(ModelFile file, Func<ClassifierModel, T> work) => With(file, path => ClassifierModel.Load(path), work);

    /// <summary>Works with a translator.</summary>
    /// <inheritdoc cref="WithGenerator"/>
    public T WithTranslator<T>(ModelFile file, Func<TranslatorModel, T> work) => With(file, path => TranslatorModel.Load(path), work);

    /// <summary>Works with a pose generator.</summary>
    /// <inheritdoc cref="WithGenerator"/>
    public T WithPoseGenerator<T>(ModelFile file, Func<PoseGeneratorModel, T> work) =>
        With(file, path => PoseGeneratorModel.Load(path), work);

    /// <summary>What choices of models are made by, kept until the file changes.</summary>
    /// <param name="file">A generator or a classifier.</param>
    /// <returns>Null for another one, and for one that cannot be opened.</returns>
    public ModelSummary? Summary(ModelFile file) => _summaries.GetOrAdd((file.Path, File.GetLastWriteTimeUtc(file.Path)), _ =>
    {
        try
        {
            return file.Kind switch
            {
                ModelKind.Generator => WithGenerator(file, model => new ModelSummary(model.Width, model.Channels, DataSet(model.Metadata),
                    model.Labels is not null || model.Vocabulary is not null)),
                ModelKind.Classifier => WithClassifier(file, model => new ModelSummary(model.Width, model.Channels, DataSet(model.Metadata),
                    IsConditional: false)),
                _ => null,
            };
        }
        catch (ModelException)
        {
            return null;
        }

        static string? DataSet(IReadOnlyDictionary<string, string> metadata) => metadata.GetValueOrDefault(ModelMetadata.DataSet);
    });

    /// <summary>Closes all. Nobody may work with one any more.</summary>
    public void Dispose()
    {
        lock (_entries)
        {
            foreach (var entry in _entries) entry.Close();
            _entries.Clear();
        }
    }

    private T With<TModel, T>(ModelFile file, Func<string, TModel> load, Func<TModel, T> work) where TModel : class, IDisposable
    {
        var entry = Enter(file.Path, load);
        try
        {
            return work((TModel)entry.Model.Value);
        }
        finally
        {
            Leave(entry);
        }
    }

    private Entry Enter(string path, Func<string, IDisposable> load)
    {
        var file = new FileInfo(path);
        var state = (path, file.LastWriteTimeUtc, file.Exists ? file.Length : 0);
        lock (_entries)
        {
            var entry = _entries.Find(known => known.State == state);
            if (entry is null) entry = new(state, new(() => load(path)));
            else _entries.Remove(entry);
            // The last one was used last.
            _entries.Add(entry);
            entry.Users++;
            return entry;
        }
    }

    private void Leave(Entry left)
    {
        lock (_entries)
        {
            left.Users--;
            // One that could not be opened is tried again.
            if (!left.Model.IsValueCreated) _entries.Remove(left);
            for (var i = 0; i < _entries.Count && _entries.Count > Most;)
            {
                if (_entries[i].Users > 0)
                {
                    i++;
                    continue;
                }
                _entries[i].Close();
                _entries.RemoveAt(i);
            }
        }
    }

    private sealed class Entry((string Path, DateTime Changed, long Bytes) state, Lazy<IDisposable> model)
    {
        public (string Path, DateTime Changed, long Bytes) State => state;

        public Lazy<IDisposable> Model => model;

        public int Users { get; set; }

        public void Close()
        {
            if (model.IsValueCreated) model.Value.Dispose();
        }
    }
}
