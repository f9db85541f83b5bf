using GanPipeline.Data;
using GanPipeline.Evaluation;
using GanPipeline.Inference;

namespace GanPipeline.Pipelines;

/// <summary>What a classifier reads of translated images: the side that they look like, and the attributes that they should have.</summary>
/// <param name="reader">The classifier.</param>
/// <param name="source">The test images, with their attributes.</param>
internal sealed class CycleReader(ClassifierModel reader, IImageSource source) : IDisposable
{
    /// <summary>The attribute by which a classifier tells the sides apart; where it has none, its only attribute does.</summary>
    private const string StyleName = "style";

    /// <summary>Opens it; null where the file has features but no classes.</summary>
    public static CycleReader? Open(string file, IImageSource source)
    {
        try { return new(ClassifierModel.Load(file), source); }
        catch (ModelException) { return null; }
    }

    /// <summary>
    /// How many outputs are read as the style that most images of their side are read as; null where there is no such attribute, the
    /// channels do not fit, or both sides are read alike.
    /// </summary>
    public ReadShares? Style(ImageTensor outputs, ImageTensor targets, ImageTensor inputs, CancellationToken stop)
    {
        if (outputs.Channels != reader.Channels) return null;
        if ((reader.Fields.FirstOrDefault(field => field.Name == StyleName) ?? Only(reader.Fields)) is not { } field) return null;
        var layout = LabelLayout.FromFields([field]);
        var choices = field.Kind == LabelKind.Binary ? 2 : field.Values.Count;
        var own = MostRead(targets);
        if (inputs.Channels == reader.Channels && MostRead(inputs) == own) return null;
        return new(Share(outputs, own), Share(targets, own));

        static LabelField? Only(IReadOnlyList<LabelField> fields) => fields is [{ Kind: not LabelKind.Numeric } only] ? only : null;

        int MostRead(ImageTensor images) => Enumerable.Range(0, choices).MaxBy(value => Share(images, value));

        double Share(ImageTensor images, int value)
        {
            var reading = new LabelReading(reader, layout);
            reading.Add(images, [.. Enumerable.Repeat<float[]>([value], images.Count)], stop);
            return reading.Shares[0];
        }
    }

    /// <summary>Of each attribute, how many outputs are read right, and how many of the targets.</summary>
    /// <param name="outputs">Translated images.</param>
    /// <param name="targets">The true ones.</param>
    /// <param name="pictures">Their indices in the source.</param>
    /// <param name="stop">Ends the work.</param>
    public IReadOnlyDictionary<string, ReadShares>? Kept(
        ImageTensor outputs, ImageTensor targets, IReadOnlyList<int> pictures, CancellationToken stop)
    {
        string[] names = [.. source.Attributes.Where(a => a.Kind != LabelKind.Numeric).Select(a => a.Name)];
        if (names.Length == 0 || outputs.Channels != reader.Channels) return null;
        var layout = LabelLayout.Select(source.Attributes, names);
        float[][] values = [.. pictures.Select(picture =>
        {
            float[] attributes = new float[source.Attributes.Count], chosen = new float[names.Length];
            source.ReadAttributes(picture, attributes);
            layout.Choose(attributes, chosen);
            return chosen;
        })];
        LabelReading made = new(reader, layout), real = new(reader, layout);
        if (made.Names.Count == 0) return null;
        made.Add(outputs, values, stop);
        real.Add(targets, values, stop);
        return made.Names.Select((name, i) => (name, new ReadShares(made.Shares[i], real.Shares[i]))).ToDictionary();
    }

    public void Dispose() => reader.Dispose();
}
