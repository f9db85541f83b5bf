// What can be found in a folder of pictures by a discriminator's features alone, without labels?
//
//   dotnet run --project samples/PictureSearch -- FEATURES.onnx PICTURES like QUERY    the pictures that are most like one
//   ... duplicates                                                                     pairs that are the same, or nearly
//   ... groups K                                                                       K groups of pictures
//   ... odd DISCRIMINATOR.onnx                                                         those that it takes for least real
//
// FEATURES.onnx is models/features.onnx of a run, DISCRIMINATOR.onnx lies beside it; PICTURES is a folder or a zip. What is found is
// printed, and drawn in found.png.

using System.Globalization;
using System.Numerics.Tensors;
using GanPipeline;
using GanPipeline.Data;
using GanPipeline.Inference;
using GanPipeline.ML;
using Microsoft.ML;
using Microsoft.ML.Data;

const int shown = 8;
const string picture = "found.png";
if (args is not ([_, _, "duplicates"] or [_, _, "like" or "groups" or "odd", _]))
{
    Console.Error.WriteLine("PictureSearch FEATURES.onnx PICTURES (like QUERY | duplicates | groups K | odd DISCRIMINATOR.onnx)");
    return 2;
}
var (model, folder) = (args[0], args[1]);
var ml = new MLContext(seed: 1);
using var images = ml.Data.LoadFromImages(folder, modelFile: model, split: "all");
// Each feature counts as much as any other.
var extract = ml.Transforms.ExtractDiscriminatorFeatures("Features", "Image", model)
    .AppendCacheCheckpoint(ml)
    .Append(ml.Transforms.NormalizeMeanVariance("Features", fixZero: false))
    .Fit(images);
var rows = ml.Data.Cache(extract.Transform(images), "Features", "File", "Image");
var files = rows.GetColumn<string>("File").ToArray();
float[][] pixels = [.. rows.GetColumn<float[]>("Image")], features = [.. rows.GetColumn<float[]>("Features")];
Console.WriteLine($"{files.Length} pictures, {features[0].Length} features each");

switch (args[2])
{
    case "like":
        Like(args[3]);
        break;
    case "duplicates":
        Duplicates();
        break;
    case "odd":
        Odd(args[3]);
        break;
    default:
        Groups(int.Parse(args[3], CultureInfo.InvariantCulture));
        break;
}
return 0;

void Like(string query)
{
    using var network = FeatureModel.Load(model);
    var image = new PictureReader(network.Height, network.Channels).Read(query);
    var asked = ml.Data.LoadFromEnumerable([new Query { Image = image.Values }], Query.Schema(network));
    var own = extract.Transform(asked).GetColumn<float[]>("Features").Single();
    int[] found = [.. Enumerable.Range(0, files.Length).OrderByDescending(i => Likeness(own, features[i])).Take(shown)];
    foreach (var i in found) Console.WriteLine($"{Likeness(own, features[i]):F3}  {files[i]}");
    Draw([.. found.Select(i => pixels[i]).Prepend(image.Values)], shown + 1);
}

void Duplicates()
{
    // The cosine of the angle between two pictures' features; of the same picture in two sizes or qualities it is close to 1.
    const float same = 0.95f;
    (int First, int Second, float Likeness)[] pairs = [.. Enumerable.Range(0, files.Length).AsParallel().SelectMany(first =>
        Enumerable.Range(first + 1, files.Length - first - 1).Select(second => (first, second, Likeness(features[first], features[second])))
            .Where(pair => pair.Item3 >= same)).OrderByDescending(pair => pair.Item3).ThenBy(pair => pair.first)];
    foreach (var (first, second, likeness) in pairs) Console.WriteLine($"{likeness:F3}  {files[first]}  {files[second]}");
    Console.WriteLine($"{pairs.Length} pairs");
    Draw([.. pairs.Take(shown * shown).SelectMany(pair => new[] { pixels[pair.First], pixels[pair.Second] })], 2 * shown);
}

void Odd(string discriminator)
{
    // What the discriminator takes for least real: unlike what it was trained on.
    var judge = ml.Transforms.ExtractDiscriminatorFeatures(new DiscriminatorFeaturizingOptions
    {
        OutputColumnName = "Logit", InputColumnName = "Image", ModelFile = discriminator, ModelOutput = "logit",
    }).Fit(rows);
    float[] logits = [.. judge.Transform(rows).GetColumn<float[]>("Logit").Select(logit => logit[0])];
    int[] found = [.. Enumerable.Range(0, files.Length).OrderBy(i => logits[i]).Take(3 * shown)];
    foreach (var i in found) Console.WriteLine($"{logits[i]:F2}  {files[i]}");
    Draw([.. found.Select(i => pixels[i])], shown);
}

void Groups(int count)
{
    var grouped = ml.Clustering.Trainers.KMeans(numberOfClusters: count).Fit(rows).Transform(rows);
    uint[] groups = [.. grouped.GetColumn<uint>("PredictedLabel")];
    float[][] distances = [.. grouped.GetColumn<float[]>("Score")];
    List<float[]> drawn = [];
    for (uint group = 1; group <= count; group++)
    {
        int[] members = [.. Enumerable.Range(0, files.Length).Where(i => groups[i] == group).OrderBy(i => distances[i][group - 1])];
        Console.WriteLine($"group {group}: {members.Length} pictures, in the middle {files[members[0]]}");
        // Those in its middle; a group of fewer repeats them.
        for (var i = 0; i < shown; i++) drawn.Add(pixels[members[i % members.Length]]);
    }
    Draw([.. drawn], shown);
}

static float Likeness(float[] a, float[] b) => TensorPrimitives.CosineSimilarity(a, b);

void Draw(float[][] found, int columns)
{
    if (found.Length == 0) return;
    var shape = images.Schema["Image"].Type is VectorDataViewType { Dimensions: [var channels, var height, var width] }
        ? (channels, height, width)
        : throw new InvalidOperationException();
    var tensor = new ImageTensor([.. found.SelectMany(values => values)], found.Length, shape.channels, shape.height, shape.width);
    Pictures.SaveGrid(tensor, picture, columns, scale: Math.Max(1, 64 / shape.height));
    Console.WriteLine(picture);
}

internal sealed class Query
{
    public float[] Image { get; set; } = [];

    public static SchemaDefinition Schema(FeatureModel model)
    {
        var schema = SchemaDefinition.Create(typeof(Query));
        schema[nameof(Image)].ColumnType = new VectorDataViewType(NumberDataViewType.Single, model.Channels, model.Height, model.Width);
        return schema;
    }
}
