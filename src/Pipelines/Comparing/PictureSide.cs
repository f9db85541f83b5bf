using GanPipeline.Data;
using GanPipeline.Evaluation;
using GanPipeline.Inference;

namespace GanPipeline.Pipelines;

/// <summary>Pictures that are compared with others: a data set's, or a generator's samples.</summary>
internal sealed class PictureSide : IDisposable
{
    private const int Batch = 128;

    private readonly IImageSource? _source;
    private readonly GeneratorModel? _generator;

    /// <summary>Pictures of a data set.</summary>
    public PictureSide(string name, IImageSource source)
    {
        (Name, _source) = (name, source);
        Shape = source.Shape;
        Classes = source.Classes;
    }

    /// <summary>Samples of a generator.</summary>
    public PictureSide(string name, GeneratorModel generator)
    {
        (Name, _generator) = (name, generator);
        Shape = new ImageShape(generator.Channels, generator.Height, generator.Width);
        Classes = generator.Labels?.Fields is [{ Kind: LabelKind.Categorical } only] ? only.Values : [];
    }

    /// <summary>As the user named it.</summary>
    public string Name { get; }

    /// <summary>Whether they are a generator's samples, of which there are as many as are asked for.</summary>
    public bool IsGenerated => _generator is not null;

    public ImageShape Shape { get; }

    /// <summary>What was done to them; null for nothing.</summary>
    public string? Note { get; init; }

    /// <summary>The names of the classes, by label; empty where the pictures have none.</summary>
    public IReadOnlyList<string> Classes { get; }

    /// <summary>Pictures that there are, at most.</summary>
    public int Count(int asked) => _source is null ? asked : Math.Min(asked, _source.Count);

    /// <summary>Pictures that could not be read so far.</summary>
    public int Skipped => _source?.Skipped ?? 0;

    /// <summary>Pictures with their labels, -1 for one without; a batch is good until the next one is asked for.</summary>
    /// <param name="count">How many, at most.</param>
    /// <param name="seed">Decides a generator's latents.</param>
    /// <param name="channels">C that they are to have: gray pictures become colour by three equal channels.</param>
    /// <param name="stop">Ends the reading.</param>
    public IEnumerable<ImageBatch> Read(int count, long seed, int channels, CancellationToken stop) =>
        (_source is not null ? FromSource(_source, count, stop) : FromGenerator(_generator!, count, seed, stop))
            .Select(batch => batch with { Images = Colored(batch.Images, channels) });

    private IEnumerable<ImageBatch> FromSource(IImageSource source, int count, CancellationToken stop) =>
        source.ReadBatches(count, Batch, stop)
            .Select(read => new ImageBatch(read.Images, Classes.Count == 0 ? [] : [.. read.Indices.Select(source.Label)]));

    private IEnumerable<ImageBatch> FromGenerator(GeneratorModel generator, int count, long seed, CancellationToken stop)
    {
        var first = 0;
        foreach (var images in generator.SampleBatches(count, seed, reuse: true, cancellationToken: stop))
        {
            yield return new(images, Classes.Count == 0 ? [] : Asked(generator.LabelVectors(images.Count, seed, first)));
            first += images.Count;
        }

        int[] Asked(float[] vectors) => [.. vectors.Chunk(Classes.Count).Select(vector => Array.IndexOf(vector, vector.Max()))];
    }

    private static ImageTensor Colored(ImageTensor images, int channels)
    {
        if (images.Channels == channels || images.Channels != 1) return images;
        var colored = new ImageTensor(images.Count, channels, images.Height, images.Width);
        for (var i = 0; i < images.Count; i++)
            for (var c = 0; c < channels; c++)
                images.Image(i).CopyTo(colored.Image(i)[(c * images.ImageSize)..]);
        return colored;
    }

    public void Dispose()
    {
        _source?.Dispose();
        _generator?.Dispose();
    }
}
