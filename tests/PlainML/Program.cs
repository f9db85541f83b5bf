using System.Globalization;
using Microsoft.ML;
using Microsoft.ML.Data;

// Loads a model and prints the scores of five pictures, a line each; the picture's values are a formula, so that a test knows them.
var ml = new MLContext();
ITransformer model = ml.Model.Load(args[0], out DataViewSchema _);
IDataView pictures = ml.Data.LoadFromEnumerable(Enumerable.Range(0, 5).Select(i => new Picture
{
    Image = [.. Enumerable.Range(0, 96).Select(k => (i * 31 + k * 7) % 17 / 8f - 1f)],
}));
foreach (float[] score in model.Transform(pictures).GetColumn<float[]>("Score"))
    Console.WriteLine(string.Join(' ', score.Select(value => value.ToString("R", CultureInfo.InvariantCulture))));

internal sealed class Picture
{
    [VectorType(3, 4, 8)]
    public float[] Image { get; set; } = [];
}
