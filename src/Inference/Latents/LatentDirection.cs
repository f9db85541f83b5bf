using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;

namespace GanPipeline.Inference;

/// <summary>A direction in the latent space along which the images come to show a value of an attribute, and how well it does.</summary>
/// <param name="Attribute">The attribute, as the classifier calls it.</param>
/// <param name="Value">The value; <c>true</c> or <c>false</c> of a binary attribute.</param>
/// <param name="Vector">[Z], of length 1.</param>
/// <param name="Examples">Latents whose images show the value, among those that the direction was found with.</param>
/// <param name="Separation">
/// How well the coordinate along the direction tells fresh latents with the value from those without: the area under the ROC curve, 0.5 for
/// no better than chance, 1 for always. NaN if the fresh ones have it all, or none.
/// </param>
/// <param name="Effects">What moving fresh latents along the direction does, by distance.</param>
public sealed record LatentDirection(
    string Attribute, string Value, float[] Vector, int Examples, double Separation, IReadOnlyList<LatentDirectionEffect> Effects)
{
    /// <summary>Moves latents along the direction: z + distance * <see cref="Vector"/>.</summary>
    /// <param name="latents">Row-major [N, Z].</param>
    /// <param name="distance">How far; negative for the other way. A standard normal latent has a coordinate of about -2 to 2.</param>
    /// <returns>Row-major [N, Z].</returns>
    /// <exception cref="ArgumentException">The length is no multiple of Z.</exception>
    public float[] Move(ReadOnlySpan<float> latents, double distance)
    {
        if (latents.Length % Vector.Length != 0)
            throw new ArgumentException($"{latents.Length} values given, which is not a multiple of a latent's {Vector.Length}.");
        var moved = latents.ToArray();
        for (var i = 0; i < moved.Length; i++) moved[i] += (float)(distance * Vector[i % Vector.Length]);
        return moved;
    }

    /// <summary>
    /// Writes directions: <c>directions.npy</c>, float32 [D, Z], and <c>directions.json</c>, which says what each row is and does.
    /// </summary>
    /// <param name="directions">At least one, of one latent size.</param>
    /// <param name="folder">Where to; made if it is missing.</param>
    /// <exception cref="ArgumentException">No direction.</exception>
    /// <exception cref="IOException">A file cannot be written.</exception>
    public static void Save(IReadOnlyList<LatentDirection> directions, string folder)
    {
        ArgumentNullException.ThrowIfNull(directions);
        ArgumentNullException.ThrowIfNull(folder);
        if (directions.Count == 0) throw new ArgumentException("There is no direction to write.", nameof(directions));
        float[] values = [.. directions.SelectMany(d => d.Vector)];
        var header = NpyHeader.Of(NpyHeader.Float32, directions.Count, directions[0].Vector.Length);
        AtomicFile.WriteAllBytes(Path.Combine(folder, "directions.npy"), [.. header, .. MemoryMarshal.AsBytes(values.AsSpan())]);
        AtomicFile.WriteAllText(Path.Combine(folder, "directions.json"), ToJson(directions));
    }

    /// <summary>What each direction is and does, as JSON.</summary>
    /// <param name="directions">The rows, in their order.</param>
    public static string ToJson(IReadOnlyList<LatentDirection> directions)
    {
        ArgumentNullException.ThrowIfNull(directions);
        using var stream = new MemoryStream();
        using (var json = new Utf8JsonWriter(stream, new JsonWriterOptions { Indented = true }))
        {
            json.WriteStartArray();
            for (var row = 0; row < directions.Count; row++) directions[row].Write(json, row);
            json.WriteEndArray();
        }
        return Encoding.UTF8.GetString(stream.ToArray());
    }

    private void Write(Utf8JsonWriter json, int row)
    {
        json.WriteStartObject();
        json.WriteNumber("row", row);
        json.WriteString("attribute", Attribute);
        json.WriteString("value", Value);
        json.WriteNumber("examples", Examples);
        WriteShare(json, "separation", Separation);
        json.WriteStartArray("effects");
        foreach (var effect in Effects)
        {
            json.WriteStartObject();
            json.WriteNumber("distance", effect.Distance);
            json.WriteNumber("count", effect.Count);
            WriteShare(json, "changed", effect.Changed);
            WriteShare(json, "changedAtRandom", effect.ChangedAtRandom);
            json.WriteStartObject("stayed");
            foreach (var (name, share) in effect.Stayed) WriteShare(json, name, share);
            json.WriteEndObject();
            json.WriteEndObject();
        }
        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static void WriteShare(Utf8JsonWriter json, string name, double share)
    {
        if (double.IsNaN(share)) json.WriteNull(name);
        else json.WriteNumber(name, Math.Round(share, 4));
    }
}

/// <summary>What moving latents a distance along a direction does to what the classifier reads.</summary>
/// <param name="Distance">How far they were moved.</param>
/// <param name="Count">Latents: fresh ones whose image did not show the value before.</param>
/// <param name="Changed">The share of them whose image shows the value afterwards; NaN if there are none.</param>
/// <param name="ChangedAtRandom">The same after as long a move along a random direction, for comparison.</param>
/// <param name="Stayed">For each other attribute, the share of them whose image shows the same value as before.</param>
public sealed record LatentDirectionEffect(
    double Distance, int Count, double Changed, double ChangedAtRandom, IReadOnlyDictionary<string, double> Stayed);
