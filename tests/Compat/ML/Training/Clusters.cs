using Microsoft.ML;
using Microsoft.ML.Data;

namespace GanPipeline.Compat.Tests.ML.Training;

/// <summary>An example of a class, by number from 1.</summary>
internal sealed class Example
{
    public float[] Features = [];

    public uint Label;

    public float Weight = 1;
}

/// <summary>Examples drawn around a centre for each class, so near each other that no line parts them.</summary>
internal sealed class Clusters
{
    public Clusters(int classes, int features, int count, int seed = 1)
    {
        (Classes, Features) = (classes, features);
        var random = new Random(seed);
        var centres = Enumerable.Range(0, classes).Select(_ => Draw(1.5 / Math.Sqrt(features))).ToArray();
        Examples = [.. Enumerable.Range(0, count).Select(i => new Example
        {
            Label = (uint)(i % classes + 1),
            Features = [.. Draw(1 / Math.Sqrt(features)).Zip(centres[i % classes], (noise, centre) => noise + centre)],
        })];

        float[] Draw(double scale) => [.. Enumerable.Range(0, features)
            .Select(_ => (float)(scale * (random.NextDouble() + random.NextDouble() - 1)))];
    }

    public int Classes { get; }

    public int Features { get; }

    public List<Example> Examples { get; }

    public IDataView View(MLContext context) => View(context, Examples);

    public IDataView View(MLContext context, IEnumerable<Example> examples)
    {
        var definition = SchemaDefinition.Create(typeof(Example));
        definition["Features"].ColumnType = new VectorDataViewType(NumberDataViewType.Single, Features);
        definition["Label"].ColumnType = new KeyDataViewType(typeof(uint), Classes);
        return context.Data.LoadFromEnumerable(examples, definition);
    }
}
