using GanPipeline.Data;
using GanPipeline.Inference;

namespace GanPipeline.Jobs;

/// <summary>What a job translates: the pictures of a data set in batches, or those of a folder one by one, each of its own size.</summary>
internal abstract class TranslatedPictures
{
    /// <summary>Pictures that are translated at once.</summary>
    public abstract int BatchSize { get; }

    public abstract string[] Names { get; }

    /// <summary>What the folder says of the job.</summary>
    /// <exception cref="ModelException">The model takes other pictures.</exception>
    public abstract TranslationManifest Describe(TranslatorModel model, TranslationOptions options);

    /// <summary>Reads pictures, and leaves out those that cannot be read; null where there is none.</summary>
    public abstract (int[] Indices, ImageTensor? Images) Read(BatchRange range);

    public abstract ImageTensor Translate(TranslatorModel model, ImageTensor images, CancellationToken stop);

    protected static long? NoiseSeed(TranslatorModel model, TranslationOptions options) =>
        model.HasNoise ? options.Model.NoiseSeed : null;
}

/// <summary>The pictures of a data set, all of one size.</summary>
internal sealed class TranslatedSource(IImageSource source, TranslationOptions options) : TranslatedPictures
{
    public override int BatchSize => options.Model.BatchSize;

    public override string[] Names { get; } = TargetNames.Of(source.Count, index => source.FileOf(index)?.File);

    public override TranslationManifest Describe(TranslatorModel model, TranslationOptions options)
    {
        if (options.TileSide is not null)
            throw new ModelException($"The pictures of {source.Name} are all of one size: tiles are for pictures of their own sizes.");
        if (model.Channels != source.Shape.Channels || !model.Takes(source.Shape.Height, source.Shape.Width))
            PictureBatch.RequireFit(source, options.ModelFile, model.Channels, model.Height, model.Width);
        return new TranslationManifest(TranslationManifest.Kind, Path.GetFileName(options.ModelFile), JobFolder.HashOf(options.ModelFile),
            source.Name, source.Fingerprint, source.Count, BatchSize, NoiseSeed(model, options));
    }

    public override (int[] Indices, ImageTensor? Images) Read(BatchRange range)
    {
        var batch = PictureBatch.Read(source, range, [], hasFiles: false);
        return ([.. batch.Rows.Select(row => row.Index)],
            new ImageTensor(batch.Pixels, batch.Rows.Length, source.Shape.Channels, source.Shape.Height, source.Shape.Width));
    }

    public override ImageTensor Translate(TranslatorModel model, ImageTensor images, CancellationToken stop) =>
        model.Translate(images, stop);
}

/// <summary>The pictures of a folder, each of its own size.</summary>
internal sealed class TranslatedFiles : TranslatedPictures
{
    private readonly PictureFileList _files;
    private readonly TranslateOptions _options;
    private readonly PictureFile?[] _headers;

    public TranslatedFiles(PictureFileList files, TranslationOptions options)
    {
        _files = files;
        _options = new TranslateOptions { TileSide = options.TileSide, Overlap = options.Overlap, Pad = true };
        _headers = new PictureFile?[files.Count];
        Parallel.For(0, files.Count, i => _headers[i] = files.FileOf(i));
        Names = TargetNames.Of(files.Count, index => _headers[index]?.File);
    }

    public override int BatchSize => 1;

    public override string[] Names { get; }

    public override TranslationManifest Describe(TranslatorModel model, TranslationOptions options)
    {
        // Before anything is written: a size that the model does not take, or that the memory does not hold.
        foreach (var sized in _headers.OfType<PictureFile>().DistinctBy(header => (header.Width, header.Height)))
        {
            if (model.Problem(sized.Height, sized.Width, _options) is { } problem)
                throw new ModelException($"{sized.File}, {sized.Width} x {sized.Height} pixels: {problem}");
        }
        // Short, as an error about another job in the folder shows it.
        var form = options.TileSide is not { } side ? "own"
            : FormattableString.Invariant($"own, tiles of {side}") + (options.Overlap is { } overlap
                ? FormattableString.Invariant($", overlap {overlap}") : "");
        return new TranslationManifest(TranslationManifest.Kind, Path.GetFileName(options.ModelFile), JobFolder.HashOf(options.ModelFile),
            _files.Name, _files.Fingerprint, _files.Count, BatchSize, NoiseSeed(model, options), form);
    }

    public override (int[] Indices, ImageTensor? Images) Read(BatchRange range) =>
        _files.Read((int)range.Place) is { } image ? ([(int)range.Place], image) : ([], null);

    public override ImageTensor Translate(TranslatorModel model, ImageTensor images, CancellationToken stop) =>
        model.Translate(images, _options, stop);
}
