using GanPipeline.Data;

namespace GanPipeline.Training;

/// <summary>Label vectors of a data set's pictures.</summary>
internal static class LabelVectors
{
    /// <summary>One picture's.</summary>
    public static float[] Of(IImageSource source, LabelLayout labels, int picture)
    {
        var values = new float[source.Attributes.Count];
        var vector = new float[labels.Size];
        source.ReadAttributes(picture, values);
        labels.Encode(values, vector);
        return vector;
    }
}
