using System.Diagnostics;
using GanPipeline.Data;
using GanPipeline.Inference;

namespace GanPipeline.Jobs;

/// <summary>
/// Translates pictures, each into a PNG file of the same name: those of a data set, or of a folder in their own sizes. Reading, the
/// network and the writing work beside each other. A picture is the same to the last byte whichever process makes it; a job that was killed
/// goes on with what is missing.
/// </summary>
public sealed class TranslationJob : IDisposable
{
    private readonly TranslationOptions _options;
    private readonly TranslatedPictures _pictures;
    private readonly TranslatorModel _model;
    private readonly string[] _names;
    private readonly string _folder;

    private TranslationJob(TranslationOptions options, TranslatedPictures pictures, TranslatorModel model)
    {
        (_options, _pictures, _model, _names) = (options, pictures, model, pictures.Names);
        _folder = Path.GetFullPath(options.Folder);
    }

    /// <summary>Pictures of all parts.</summary>
    public long Total => _names.Length;

    /// <summary>Opens the model, and the folder, which is new or holds the same job.</summary>
    /// <param name="options">What is made.</param>
    /// <param name="source">The pictures, of the model's size and channels; the caller disposes it, after the job.</param>
    /// <exception cref="ModelException">
    /// The file is missing, damaged, another kind of model, or one of other pictures; or makes images of other than 1 or 3 channels.
    /// </exception>
    /// <exception cref="JobException">
    /// The folder holds another job, or things that no job wrote; or two pictures would have one name.
    /// </exception>
    public static TranslationJob Open(TranslationOptions options, IImageSource source)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(source);
        return Open(options, () => new TranslatedSource(source, options));
    }

    /// <summary>
    /// The same of pictures of their own sizes, which their translations keep: they are continued by reflection to sizes that the model
    /// takes, or cut into tiles (<see cref="TranslationOptions.TileSide"/>).
    /// </summary>
    /// <param name="options">What is made.</param>
    /// <param name="pictures">Of the model's channels; the caller disposes it, after the job.</param>
    /// <exception cref="ModelException">
    /// The file is missing, damaged, another kind of model, or one that takes no pictures of such sizes; or a picture needs more memory
    /// than <see cref="ModelOptions.MemoryLimit"/>; or the model makes images of other than 1 or 3 channels.
    /// </exception>
    /// <exception cref="JobException">As <see cref="Open(TranslationOptions, IImageSource)"/>.</exception>
    public static TranslationJob Open(TranslationOptions options, PictureFileList pictures)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(pictures);
        return Open(options, () => new TranslatedFiles(pictures, options));
    }

    private static TranslationJob Open(TranslationOptions options, Func<TranslatedPictures> open)
    {
        var model = TranslatorModel.Load(options.ModelFile, options.Model with { Spinning = false });
        try
        {
            var pictures = open();
            var manifest = pictures.Describe(model, options);
            if (model.OutputChannels is not (1 or 3))
                throw new ModelException($"'{options.ModelFile}' makes images of {model.OutputChannels} channels; a picture has 1 or 3.");
            JobFolder.Enter(options.Folder, manifest, TranslationJson.Default.TranslationManifest, "model", "data");
            return new TranslationJob(options, pictures, model);
        }
        catch
        {
            model.Dispose();
            throw;
        }
    }

    /// <summary>Makes the pictures of this part that are not there yet.</summary>
    /// <param name="progress">Is told how far it is, after each batch.</param>
    /// <param name="stop">Ends the work; pictures that are written stay.</param>
    /// <exception cref="ModelException">The model failed, or its numbers are not finite or in no range that is known.</exception>
    /// <exception cref="IOException">A picture cannot be written, as on a full disk; run the job again.</exception>
    public TranslationResult Run(Action<JobProgress>? progress = null, CancellationToken stop = default)
    {
        var started = Stopwatch.GetTimestamp();
        foreach (var folder in _names.Select(Path.GetDirectoryName).Distinct())
            AtomicFile.DeleteLeftovers(Path.Combine(_folder, folder ?? ""));
        List<BatchRange> missing = [];
        long total = 0, done = 0;
        foreach (var batch in Batches())
        {
            total += batch.Count;
            // A batch is run whole or not at all, so that its pictures are rounded alike.
            if (Enumerable.Range((int)batch.Place, batch.Count).All(IsThere)) done += batch.Count;
            else missing.Add(batch);
        }
        var kept = done;
        long made = 0, skipped = 0;
        progress?.Invoke(new(done, total, 0));
        Task<(int[] Indices, ImageTensor? Images)>? ahead = null;
        var writing = Task.CompletedTask;
        try
        {
            for (var i = 0; i < missing.Count; i++)
            {
                stop.ThrowIfCancellationRequested();
                var (indices, images) = (ahead ?? Read(missing[i])).GetAwaiter().GetResult();
                ahead = i + 1 < missing.Count ? Read(missing[i + 1]) : null;
                var translated = images is null ? null : _pictures.Translate(_model, images, stop);
                writing.GetAwaiter().GetResult();
                if (translated is not null) writing = Task.Run(() => Write(indices, translated), CancellationToken.None);
                (made, skipped) = (made + indices.Length, skipped + missing[i].Count - indices.Length);
                done += missing[i].Count;
                progress?.Invoke(new(done, total, (done - kept) / Stopwatch.GetElapsedTime(started).TotalSeconds));
            }
            writing.GetAwaiter().GetResult();
        }
        finally
        {
            // Nothing reads or writes any more when this returns.
            foreach (var task in new[] { ahead, writing }.OfType<Task>()) ((IAsyncResult)task).AsyncWaitHandle.WaitOne();
        }
        return new TranslationResult(made, kept, skipped, Stopwatch.GetElapsedTime(started).TotalSeconds);
    }

    /// <summary>Closes the model.</summary>
    public void Dispose() => _model.Dispose();

    /// <summary>The batches of this part.</summary>
    private IEnumerable<BatchRange> Batches()
    {
        var size = _pictures.BatchSize;
        for (long at = 0; at < _names.Length; at += size)
        {
            if (_options.Part.Has(at / size)) yield return new BatchRange(at, (int)Math.Min(size, _names.Length - at));
        }
    }

    private bool IsThere(int index) => File.Exists(Path.Combine(_folder, _names[index]));

    private Task<(int[] Indices, ImageTensor? Images)> Read(BatchRange range) => Task.Run(() => _pictures.Read(range));

    private void Write(int[] indices, ImageTensor images)
    {
        try
        {
            Parallel.For(0, indices.Length, i =>
            {
                if (!IsThere(indices[i])) Pictures.SavePng(images, i, Path.Combine(_folder, _names[indices[i]]));
            });
        }
        catch (AggregateException e)
        {
            // A full disk fails every file at once; one exception is enough.
            System.Runtime.ExceptionServices.ExceptionDispatchInfo.Throw(e.InnerExceptions[0]);
        }
    }
}

/// <summary>What a run of a translation made.</summary>
/// <param name="Images">Pictures that were translated.</param>
/// <param name="Kept">Pictures that were there already.</param>
/// <param name="Skipped">Pictures that could not be read, and have no translation.</param>
/// <param name="Seconds">How long it took.</param>
public sealed record TranslationResult(long Images, long Kept, long Skipped, double Seconds);
