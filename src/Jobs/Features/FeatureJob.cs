using GanPipeline.Data;
using GanPipeline.Inference;

namespace GanPipeline.Jobs;

/// <summary>
/// Computes the features of a data set's pictures, in shards. Reading, the network, the encoding and the writing work beside each other;
/// memory holds a few batches. As of a <see cref="GenerationJob"/>, parts may run anywhere, and a job that was killed goes on behind its
/// last whole shard.
/// </summary>
public sealed class FeatureJob : IWork<PictureBatch, FeatureBatch>, IDisposable
{
    private readonly FeatureJobOptions _options;
    private readonly IImageSource _source;
    private readonly FeatureModel _model;
    private readonly FeatureForm _form;
    private readonly ShardPlan _plan;
    private readonly string _folder;
    private int _skipped;

    private FeatureJob(FeatureJobOptions options, IImageSource source, FeatureModel model)
    {
        (_options, _source, _model) = (options, source, model);
        _form = FeatureForm.Of(model.FeatureCount, source);
        _plan = new ShardPlan(source.Count, options.ShardSize);
        _folder = Path.GetFullPath(options.Folder);
    }

    /// <summary>Images of all parts.</summary>
    public long Total => _plan.Total;

    /// <summary>Shards of all parts.</summary>
    public long Shards => _plan.Shards;

    /// <summary>F, the values of a row.</summary>
    public int Features => _form.Features;

    /// <summary>Images that could not be read so far and have no row.</summary>
    public int Skipped => _skipped;

    /// <summary>Opens the model, and the folder, which is new or holds the same job.</summary>
    /// <param name="options">What is made.</param>
    /// <param name="source">The pictures, of the model's size and channels; the caller disposes it, after the job.</param>
    /// <exception cref="ArgumentException">An option outside its range.</exception>
    /// <exception cref="ModelException">The file is missing, damaged, another kind of model, or one of other pictures.</exception>
    /// <exception cref="JobException">The folder holds features of another job, or things that no job wrote.</exception>
    public static FeatureJob Open(FeatureJobOptions options, IImageSource source)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(source);
        foreach (var (member, problem) in options.Problems()) throw new ArgumentException(problem, member);
        var model = FeatureModel.Load(options.ModelFile, options.Output, options.Model with { Spinning = false });
        try
        {
            PictureBatch.RequireFit(source, options.ModelFile, model.Channels, model.Height, model.Width);
            var job = new FeatureJob(options, source, model);
            JobFolder.Enter(options.Folder, job.Manifest(), FeatureJson.Default.FeatureManifest, "model", "data");
            return job;
        }
        catch
        {
            model.Dispose();
            throw;
        }
    }

    /// <summary>Makes the shards of this part that are not whole yet.</summary>
    /// <param name="progress">Is told how far it is, after each batch.</param>
    /// <param name="stop">Ends the work; whole shards stay.</param>
    /// <exception cref="ModelException">The model failed.</exception>
    /// <exception cref="IOException">A shard cannot be written, as on a full disk. What is whole stays; run the job again.</exception>
    /// <exception cref="JobException">Another process makes the same shard; or features are no numbers.</exception>
    public JobResult Run(Action<JobProgress>? progress = null, CancellationToken stop = default) =>
        new Production<PictureBatch, FeatureBatch>(_folder, this, [.. _plan.Of(_options.Part)]).Run(progress, stop);

    /// <summary>Closes the model.</summary>
    public void Dispose() => _model.Dispose();

    IEnumerable<BatchRange> IWork<PictureBatch, FeatureBatch>.Batches(ShardRange shard)
    {
        for (var at = shard.Begin; at < shard.End; at += _options.Model.BatchSize)
            yield return new BatchRange(at, (int)Math.Min(_options.Model.BatchSize, shard.End - at));
    }

    ShardWriter<FeatureBatch> IWork<PictureBatch, FeatureBatch>.Writer(ShardRange shard) => _options.Format switch
    {
        FeatureShardFormat.Npy => new NpyFeatures(_folder, shard, _form),
        FeatureShardFormat.Csv => new CsvFeatures(_folder, shard, _form),
        _ => new ParquetFeatures(_folder, shard, _form),
    };

    /// <summary>Reads pictures.</summary>
    PictureBatch IWork<PictureBatch, FeatureBatch>.Prepare(BatchRange range)
    {
        var batch = PictureBatch.Read(_source, range, _form.Attributes, _form.HasFiles);
        Interlocked.Add(ref _skipped, range.Count - batch.Rows.Length);
        return batch;
    }

    FeatureBatch IWork<PictureBatch, FeatureBatch>.Run(BatchRange range, PictureBatch input)
    {
        var features = new float[input.Rows.Length * _form.Features];
        _model.Extract(input.Pixels, features);
        for (var i = 0; i < features.Length; i++)
        {
            if (!float.IsFinite(features[i]))
            {
                throw new JobException($"'{_options.ModelFile}' gives {features[i]} for feature {i % _form.Features} of image " +
                    $"{input.Rows[i / _form.Features].Index} of {_source.Name}, which is no number.");
            }
        }
        return new FeatureBatch(input.Rows, features);
    }

    private FeatureManifest Manifest() => new(FeatureManifest.Kind, Path.GetFileName(_options.ModelFile),
        JobFolder.HashOf(_options.ModelFile), _options.Output, _source.Name, _source.Fingerprint, _source.Classes,
        [.. _form.Attributes.Select(field => field.Name)], _plan.Total, _form.Features, _options.Format, _options.ShardSize,
        _options.Model.BatchSize);
}
