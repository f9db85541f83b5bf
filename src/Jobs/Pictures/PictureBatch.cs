using GanPipeline.Data;
using GanPipeline.Inference;

namespace GanPipeline.Jobs;

/// <summary>Pictures of a data set that could be read, as a network takes them.</summary>
/// <param name="Pixels">[N, C, H, W] in [-1, 1].</param>
/// <param name="Rows">What is told of each.</param>
internal sealed record PictureBatch(float[] Pixels, PictureRow[] Rows)
{
    /// <summary>Reads pictures, on all processors. Those that cannot be read are left out.</summary>
    /// <param name="source">Of the network's size.</param>
    /// <param name="range">Which.</param>
    /// <param name="attributes">Whose values are told.</param>
    /// <param name="hasFiles">Whether their files are told.</param>
    public static PictureBatch Read(IImageSource source, BatchRange range, IReadOnlyList<LabelField> attributes, bool hasFiles)
    {
        var pixels = new float[range.Count * source.Shape.Size];
        var good = source.ReadUsable([.. Enumerable.Range((int)range.Place, range.Count)], pixels);
        if (good.Length < range.Count) Array.Resize(ref pixels, good.Length * source.Shape.Size);
        // A file is told by its header.
        return new PictureBatch(pixels, hasFiles ? [.. good.AsParallel().AsOrdered().Select(Row)] : [.. good.Select(Row)]);

        PictureRow Row(int index)
        {
            var values = new float[attributes.Count];
            if (values.Length > 0) source.ReadAttributes(index, values);
            return new(index, hasFiles ? source.FileOf(index)?.File ?? "" : "", values);
        }
    }

    /// <exception cref="ModelException">The model reads images of another size or number of channels.</exception>
    public static void RequireFit(IImageSource source, string model, int channels, int height, int width)
    {
        var takes = new ImageShape(channels, height, width);
        if (takes != source.Shape)
            throw new ModelException($"'{model}' reads images {Of(takes)}, but those of {source.Name} are {Of(source.Shape)}.");

        static string Of(ImageShape shape) => $"[{shape.Channels}, {shape.Height}, {shape.Width}]";
    }
}

/// <summary>What is told of a picture.</summary>
/// <param name="Index">Its index in the data set.</param>
/// <param name="File">Its file; empty where pictures are no files.</param>
/// <param name="Values">The values of its attributes; below 0 is a missing class.</param>
internal readonly record struct PictureRow(int Index, string File, float[] Values);
