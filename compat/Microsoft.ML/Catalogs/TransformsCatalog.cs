namespace Microsoft.ML;

/// <summary>The transforms; most are extension methods.</summary>
public sealed class TransformsCatalog
{
    internal TransformsCatalog(MLContext context)
    {
        Context = context;
        Conversion = new(context);
    }

    public ConversionTransforms Conversion { get; }

    internal MLContext Context { get; }

    /// <summary>Transforms from one type of column to another.</summary>
    public sealed class ConversionTransforms
    {
        internal ConversionTransforms(MLContext context) => Context = context;

        internal MLContext Context { get; }
    }
}
