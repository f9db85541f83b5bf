using System.Diagnostics;
using GanPipeline.Inference;

namespace GanPipeline.Generation;

/// <summary>
/// Makes any number of images of a generator, in shards. Latents, the network, the encoding and the writing work beside each other;
/// memory holds a few batches, however many images there are. A shard is the same to the last byte whichever process makes it, and in
/// however many parts, on machines whose processors compute alike: parts of a job may run anywhere, and a job that was killed goes on
/// behind its last whole shard.
/// </summary>
public sealed class GenerationJob : IDisposable
{
    private readonly GenerationOptions _options;
    private readonly GeneratorModel _model;
    private readonly LatentFile? _latents;
    private readonly SampleForm _form;
    private readonly JobManifest _job;
    private readonly string _folder;

    private GenerationJob(GenerationOptions options, GeneratorModel model, LatentFile? latents, JobManifest job)
    {
        (_options, _model, _latents, _job) = (options, model, latents, job);
        _form = SampleForm.Of(model);
        _folder = Path.GetFullPath(options.Folder);
    }

    /// <summary>Images of all parts.</summary>
    public long Total => _job.Total;

    /// <summary>Shards of all parts.</summary>
    public long Shards => _job.Shards;

    /// <summary>Opens the model, and the folder, which is new or holds the same job.</summary>
    /// <exception cref="ArgumentException">An option outside its range, or a label that the generator does not know.</exception>
    /// <exception cref="ModelException">The file is missing, damaged, or another kind of model.</exception>
    /// <exception cref="GenerationException">
    /// The folder holds images of another job, or things that no job wrote; or the file of latents holds too few, or none.
    /// </exception>
    public static GenerationJob Open(GenerationOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        foreach (var (member, problem) in options.Problems()) throw new ArgumentException(problem, member);
        var model = GeneratorModel.Load(options.ModelFile, options.Model);
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
                    throw new GenerationException(
                        $"'{file}' holds {latents.Count} latents: there are no {options.Count} from {options.First} on.");
                }
            }
            var job = new JobManifest(Path.GetFileName(options.ModelFile), JobManifest.HashOf(options.ModelFile), options.Count,
                options.Seeds, options.First, options.Labels, options.Format, options.ShardSize, options.Model.BatchSize, model.Height,
                model.Width, model.Channels, options.Model.Truncation,
                options.LatentsFile is null ? null : JobManifest.HashOf(options.LatentsFile));
            Enter(options.Folder, job);
            return new GenerationJob(options, model, latents, job);
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
    /// <exception cref="GenerationException">Another process makes the same shard.</exception>
    public GenerationResult Run(Action<GenerationProgress>? progress = null, CancellationToken stop = default)
    {
        var started = Stopwatch.GetTimestamp();
        var mine = Parts().Where(shard => _options.Part.Has(shard.Number));
        long total = 0, there = 0, kept = 0;
        foreach (var shard in mine)
        {
            total += shard.Count;
            if (!ShardRecord.Exists(_folder, shard)) continue;
            there += shard.Count;
            kept++;
        }
        progress?.Invoke(new(there, total, 0));
        var work = new Production(_job, _folder, _form, Make, mine);
        long made = 0, shards = 0;
        foreach (var (batch, isLast) in work.Run(stop))
        {
            made += batch.Count;
            if (isLast) shards++;
            progress?.Invoke(new(there + made, total, made / Stopwatch.GetElapsedTime(started).TotalSeconds));
        }
        return new GenerationResult(made, shards, kept, Stopwatch.GetElapsedTime(started).TotalSeconds);
    }

    /// <summary>Closes the model.</summary>
    public void Dispose()
    {
        _latents?.Dispose();
        _model.Dispose();
    }

    private IEnumerable<ShardRange> Parts()
    {
        for (long number = 0; number < _job.Shards; number++) yield return _job.Shard(number);
    }

    private SampleBatch Make(BatchRange range)
    {
        var latents = new float[range.Count * _model.LatentSize];
        if (_latents is not null) _latents.Read(range.First, latents);
        else _model.DrawLatents(range.Seed, range.First, latents);
        var labels = _model.LabelVectors(range.Count, range.Seed, range.First, _options.Labels);
        var pixels = new byte[range.Count * _form.ImageSize];
        _model.GeneratePixels(latents, labels, pixels);
        return new SampleBatch(range, pixels, labels);
    }

    /// <summary>The folder of this job, and of no other.</summary>
    private static void Enter(string folder, JobManifest job)
    {
        Directory.CreateDirectory(folder);
        // Of processes that were killed.
        AtomicFile.DeleteLeftovers(folder);
        // Looked at before the manifest, which a job writes first: other parts may begin at the same time.
        var there = Directory.EnumerateFileSystemEntries(folder).Select(Path.GetFileName).FirstOrDefault(name => name![0] != '.');
        if (JobManifest.Read(folder) is not { } other)
        {
            if (there is not null)
                throw new GenerationException($"'{folder}' holds {there}, which no job wrote. Take another folder, or empty it first.");
            job.Write(folder);
            return;
        }
        string[] differences = [.. other.Differences(job)];
        if (differences.Length > 0)
        {
            throw new GenerationException(
                $"'{folder}' holds images of another job: {string.Join("; ", differences)}. Take another folder.");
        }
    }
}
