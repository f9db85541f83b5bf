using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;

namespace GanPipeline.Inference.Tests;

public sealed class LatentDirectionTests : LatentWorldTests
{
    [Fact]
    public void Known_directions_are_found_and_what_they_do()
    {
        var options = new LatentDirectionOptions { Count = 4000, TestCount = 400, Distances = [0, 4], Seed = 2 };
        var directions = LatentDirectionSearch.Find(Reader, options);
        Assert.Equal(["color red", "color blue", "form brick", "form plate", "form tile", "lit true"],
            directions.Select(d => $"{d.Attribute} {d.Value}"));
        foreach (var (row, number, sign) in new[] { (0, 0, 1), (1, 0, -1), (2, 1, 1), (4, 1, -1), (5, 2, 1) })
        {
            var direction = directions[row];
            Assert.Equal(1, LatentWorld.Length(direction.Vector), 5);
            // A mean of 1000 latents has a standard error of 0.03 in each number.
            Assert.InRange(sign * direction.Vector[number], 0.99, 1.0001);
            Assert.InRange(direction.Separation, 0.99, 1);
            Assert.Equal(0, direction.Effects[0].Changed);
            Assert.All(direction.Effects[0].Stayed.Values, share => Assert.Equal(1, share));
            // A number of more than 4 is seen once in 30,000, and a random move of 4 has a quarter of it along each axis.
            Assert.InRange(direction.Effects[1].Changed, 0.98, 1);
            Assert.InRange(direction.Effects[1].ChangedAtRandom, 0.1, 0.7);
            Assert.All(direction.Effects[1].Stayed, other => Assert.InRange(other.Value, 0.9, 1));
            Assert.DoesNotContain(direction.Attribute, direction.Effects[1].Stayed.Keys);
        }
        // A plate is in the middle: no direction leads to it.
        Assert.InRange(directions[3].Effects[1].Changed, 0, 0.3);
        Assert.Equal(LatentDirection.ToJson(directions), LatentDirection.ToJson(LatentDirectionSearch.Find(Reader, options)));
    }

    [Fact]
    public void Directions_are_written_as_an_array_and_its_description()
    {
        using var folder = new TemporaryFolder();
        LatentDirection[] directions =
        [
            new("color", "red", [1, 0], 40, 0.9, [new(2, 10, 0.5, 0.1, new Dictionary<string, double> { ["form"] = 0.75 })]),
            new("lit", "true", [0, 1], 50, double.NaN, []),
        ];
        LatentDirection.Save(directions, folder.Path);
        var array = File.ReadAllBytes(folder["directions.npy"]);
        Assert.Contains("'shape': (2, 2)", Encoding.Latin1.GetString(array), StringComparison.Ordinal);
        Assert.Equal([1f, 0, 0, 1], MemoryMarshal.Cast<byte, float>(array.AsSpan(array.Length - 16)).ToArray());
        var json = JsonDocument.Parse(File.ReadAllText(folder["directions.json"])).RootElement;
        Assert.Equal("red", json[0].GetProperty("value").GetString());
        Assert.Equal(0.75, json[0].GetProperty("effects")[0].GetProperty("stayed").GetProperty("form").GetDouble());
        Assert.Equal(JsonValueKind.Null, json[1].GetProperty("separation").ValueKind);
        Assert.Equal([3f, 1, 5, 1], directions[0].Move([1, 1, 3, 1], 2));
        Assert.Throws<ArgumentException>(() => directions[0].Move([1], 2));
        Assert.Throws<ArgumentException>(() => LatentDirection.Save([], folder.Path));
    }

    [Fact]
    public void What_is_not_there_is_told()
    {
        Assert.Contains("reads no shape; it reads color, form, lit", Assert.Throws<ArgumentException>(
            () => LatentDirectionSearch.Find(Reader, new() { Attributes = ["shape"] })).Message, StringComparison.Ordinal);
        Assert.Contains("No value of color has 100 latents", Assert.Throws<LatentException>(
            () => LatentDirectionSearch.Find(Reader, new() { Attributes = ["color"], Count = 150, LeastExamples = 100 })).Message,
            StringComparison.Ordinal);
        Assert.Throws<ArgumentOutOfRangeException>(() => LatentDirectionSearch.Find(Reader, new() { Count = 1 }));
    }
}
