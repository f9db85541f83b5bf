// Reads a generator and writes a grid of what it draws.
//   dotnet run GENERATOR.onnx [GRID.png] [SEED]
using System.Globalization;
using GanPipeline.Inference;

if (args.Length == 0)
{
    Console.Error.WriteLine("Usage: Generate GENERATOR.onnx [GRID.png] [SEED]. samples/TrainAndExport makes a generator.onnx.");
    return 2;
}
var grid = args.Length > 1 ? args[1] : "grid.png";
var seed = args.Length > 2 ? long.Parse(args[2], CultureInfo.InvariantCulture) : 1;

try
{
    using var generator = GeneratorModel.Load(args[0]);
    Console.WriteLine($"{generator.LatentSize} numbers make {generator.Channels} x {generator.Height} x {generator.Width} pixels.");

    // The same pictures on every machine: sample i of a seed depends on nothing else.
    var images = generator.Sample(count: 64, seed);
    Pictures.SaveGrid(images, grid, scale: 2);
    Console.WriteLine($"{grid}: samples 0 to 63 of seed {seed}");
    return 0;
}
catch (ModelException e)
{
    Console.Error.WriteLine(e.Message);
    return 1;
}
