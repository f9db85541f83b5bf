using GanPipeline.Inference;

namespace GanPipeline.Jobs;

/// <summary>
/// Makes any number of images of a generator, in shards. Latents, the network, the encoding and the writing work beside each other;
/// memory holds a few batches, however many images there are. A shard is the same to the last byte whichever process makes it, and in
/// however many parts, on machines whose processors compute alike: parts of a job may run anywhere, and a job that was killed goes on
/// behind its last whole shard.
/// </summary>
public sealed class GenerationJob : IWork<float[], SampleBatch>, IDisposable
{
    private readonly GenerationOptions _options;
    private readonly GeneratorModel _model;
    private readonly LatentFile? _latents;
    private readonly SampleForm _form;
    private readonly ShardPlan _plan;
    private readonly string _folder;

    private GenerationJob(GenerationOptions options, GeneratorModel model, LatentFile? latents)
    {
        (_options, _model, _latents) = (options, model, latents);
        _form = SampleForm.Of(model);
        _plan = new ShardPlan(options.Count * options.Seeds.Count, options.ShardSize);
        _folder = Path.GetFullPath(options.Folder);
    }

    /// <summary>Images of all parts.</summary>
    public long Total => _plan.Total;

    /// <summary>Shards of all parts.</summary>
    public long Shards => _plan.Shards;

    /// <summary>Opens the model, and the folder, which is new or holds the same job.</summary>
    /// <exception cref="ArgumentException">An option outside its range, or a label that the generator does not know.</exception>
    /// <exception cref="ModelException">The file is missing, damaged, or another kind of model.</exception>
    /// <exception cref="JobException">
    /// The folder holds images of another job, or things that no job wrote; or the file of latents holds too few, or none.
    /// </exception>
    public static GenerationJob Open(GenerationOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        foreach (var (member, problem) in options.Problems()) throw new ArgumentException(problem, member);
        var model = GeneratorModel.Load(options.ModelFile, options.Model with { Spinning = false });
        LatentFile? latents = null;
        try
        {
            if (model.Channels is not (1 or 3))
                throw new ModelException($"'{options.ModelFile}' makes images of {model.Channels} channels; a picture has 1 or 3.");
            model.LabelVectors(1, labels: options.Labels);
            if (options.LatentsFile is { } file)
            {
                latents = LatentFile.Open(file, model.LatentSize);
                if (options.Count > latents.Count - options.First)
                {
                    throw new JobException(
                        $"'{file}' holds {latents.Count} latents: there are no {options.Count} from {options.First} on.");
                }
            }
            var job = new GenerationJob(options, model, latents);
            JobFolder.Enter(options.Folder, job.Manifest(), GenerationJson.Default.GenerationManifest, "model");
            return job;
        }
        catch
        {
            latents?.Dispose();
            model.Dispose();
            throw;
        }
    }

    /// <summary>Makes the shards of this part that are not whole yet.</summary>
    /// <param name="progress">Is told how far it is, after each batch.</param>
    /// <param name="stop">Ends the work; whole shards stay.</param>
    /// <exception cref="ModelException">The model failed, or gave values that are no numbers.</exception>
    /// <exception cref="IOException">A shard cannot be written, as on a full disk. What is whole stays; run the job again.</exception>
    /// <exception cref="JobException">Another process makes the same shard.</exception>
    public JobResult Run(Action<JobProgress>? progress = null, CancellationToken stop = default) =>
        new Production<float[], SampleBatch>(_folder, this, [.. _plan.Of(_options.Part)]).Run(progress, stop);

    /// <summary>Closes the model.</summary>
    public void Dispose()
    {
        _latents?.Dispose();
        _model.Dispose();
    }

    /// <summary>Each of one seed.</summary>
    IEnumerable<BatchRange> IWork<float[], SampleBatch>.Batches(ShardRange shard)
    {
        for (var at = shard.Begin; at < shard.End;)
        {
            var left = Math.Min(shard.End - at, _options.Count - at % _options.Count);
            var batch = new BatchRange(at, (int)Math.Min(_options.Model.BatchSize, left));
            yield return batch;
            at += batch.Count;
        }
    }

    ShardWriter<SampleBatch> IWork<float[], SampleBatch>.Writer(ShardRange shard) =>
        ImageShards.Writer(_options.Format, _folder, shard, _form);

    /// <summary>The latents.</summary>
    float[] IWork<float[], SampleBatch>.Prepare(BatchRange range)
    {
        var (seed, first) = Samples(range);
        var latents = new float[range.Count * _model.LatentSize];
        if (_latents is not null) _latents.Read(first, latents);
        else _model.DrawLatents(seed, first, latents);
        return latents;
    }

    SampleBatch IWork<float[], SampleBatch>.Run(BatchRange range, float[] latents)
    {
        var (seed, first) = Samples(range);
        var labels = _model.LabelVectors(range.Count, seed, first, _options.Labels);
        var pixels = new byte[range.Count * _form.ImageSize];
        _model.GeneratePixels(latents, labels, pixels);
        return new SampleBatch(range.Place, seed, first, range.Count, pixels, labels);
    }

    private (long Seed, long First) Samples(BatchRange range) =>
        (_options.Seeds[(int)(range.Place / _options.Count)], _options.First + range.Place % _options.Count);

    private GenerationManifest Manifest() => new(GenerationManifest.Kind, Path.GetFileName(_options.ModelFile),
        JobFolder.HashOf(_options.ModelFile), _plan.Total, _options.Count, _options.Seeds, _options.First, _options.Labels, _options.Format,
        _options.ShardSize, _options.Model.BatchSize, _model.Height, _model.Width, _model.Channels, _options.Model.Truncation,
        _options.LatentsFile is null ? null : JobFolder.HashOf(_options.LatentsFile));
}
