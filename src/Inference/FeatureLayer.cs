using System.Text;
using System.Text.Json;

namespace GanPipeline.Inference;

/// <summary>The part of a feature vector that comes from one convolution of the discriminator.</summary>
/// <remarks>
/// The vector holds the layers one after the other, each [<see cref="Channels"/>, <see cref="Height"/>, <see cref="Width"/>]
/// row by row. The layer's output, [<see cref="Channels"/>, <see cref="MapHeight"/>, <see cref="MapWidth"/>], was max-pooled to that grid:
/// row r of the grid is the largest of the map's rows floor(r M / H) up to, but without, ceil((r + 1) M / H), and likewise for columns.
/// </remarks>
/// <param name="Layer">The convolution's name, as in the network's <c>state_dict</c>.</param>
/// <param name="Channels">The convolution's filters.</param>
/// <param name="Height">Rows of the grid, 4 or fewer.</param>
/// <param name="Width">Columns of the grid, 4 or fewer.</param>
/// <param name="Offset">Index of the layer's first feature in the vector.</param>
/// <param name="MapHeight">Rows of the map before pooling.</param>
/// <param name="MapWidth">Columns of the map before pooling.</param>
public sealed record FeatureLayer(string Layer, int Channels, int Height, int Width, int Offset, int MapHeight, int MapWidth)
{
    /// <summary>The layer's features.</summary>
    public int Count => checked(Channels * Height * Width);

    /// <summary>Which filter and which cell of the grid a feature is.</summary>
    /// <param name="feature">Index in the whole vector, from <see cref="Offset"/> to <see cref="Offset"/> + <see cref="Count"/> -
    /// 1.</param>
    /// <exception cref="ArgumentOutOfRangeException">The feature belongs to another layer.</exception>
    public (int Channel, int Row, int Column) Position(int feature)
    {
        var index = feature - Offset;
        if (index < 0 || index >= Count)
            throw new ArgumentOutOfRangeException(nameof(feature), feature,
                $"The layer {Layer} has the features {Offset} to {Offset + Count - 1}.");
        return (index / (Height * Width), index / Width % Height, index % Width);
    }

    /// <summary>The layers as a model's metadata has them (<see cref="ModelMetadata.Features"/>): a JSON array of objects.</summary>
    public static string Write(IEnumerable<FeatureLayer> layers)
    {
        ArgumentNullException.ThrowIfNull(layers);
        using var stream = new MemoryStream();
        using (var json = new Utf8JsonWriter(stream))
        {
            json.WriteStartArray();
            foreach (var layer in layers)
            {
                json.WriteStartObject();
                json.WriteString("layer", layer.Layer);
                json.WriteNumber("channels", layer.Channels);
                json.WriteNumber("height", layer.Height);
                json.WriteNumber("width", layer.Width);
                json.WriteNumber("offset", layer.Offset);
                json.WriteNumber("mapHeight", layer.MapHeight);
                json.WriteNumber("mapWidth", layer.MapWidth);
                json.WriteEndObject();
            }
            json.WriteEndArray();
        }
        return Encoding.UTF8.GetString(stream.ToArray());
    }

    /// <summary>Reads what <see cref="Write"/> wrote.</summary>
    /// <exception cref="FormatException">The text is something else, or its layers do not follow each other.</exception>
    public static IReadOnlyList<FeatureLayer> Read(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var layers = new List<FeatureLayer>();
        var next = 0;
        try
        {
            using var document = JsonDocument.Parse(text);
            foreach (var e in document.RootElement.EnumerateArray())
            {
                int Number(string name) => e.GetProperty(name).GetInt32();
                var layer = new FeatureLayer(e.GetProperty("layer")
                    .GetString() ?? "", Number("channels"), Number("height"), Number("width"),
                    Number("offset"), Number("mapHeight"), Number("mapWidth"));
                if (layer.Offset != next || layer.Channels < 1 || layer.Height < 1 || layer.Width < 1)
                    throw new FormatException($"The layer '{layer.Layer}' does not begin at feature {next} with positive sizes.");
                next = checked(next + layer.Count);
                layers.Add(layer);
            }
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or KeyNotFoundException or OverflowException)
        {
            throw new FormatException($"A list of feature layers is needed; this is none: {e.Message}", e);
        }
        return layers;
    }
}
