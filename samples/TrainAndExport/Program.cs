// Trains a small DCGAN on toy bricks with TorchSharp and writes its generator as ONNX.
//   dotnet run [STEPS] [FOLDER]
using System.Globalization;
using GanPipeline.Data;
using GanPipeline.Export;
using GanPipeline.Training;

var steps = args.Length > 0 ? int.Parse(args[0], CultureInfo.InvariantCulture) : 500;
var folder = args.Length > 1 ? args[1] : "bricks-gan";

// Bricks are rendered as they are asked for; Kind = "folder" opens a folder of pictures.
using var bricks = DataSets.Open(new DataOptions { Kind = "bricks", Size = 32, Channels = 1 });
var architecture = new ArchitectureOptions { Name = "dcgan", Shape = bricks.Shape, Filters = 16, LatentSize = 32 };
using var networks = Architectures.Create(architecture);

// A training that was stopped continues from its last checkpoint when it is run again.
var options = new TrainingOptions
{
    Folder = Path.Combine(folder, "train"), Steps = steps, BatchSize = 32, LogEvery = 10, SampleEvery = 100,
};
var result = new Trainer(networks, bricks, options, new Progress()).Run();
Console.WriteLine($"{result.Step} steps, {result.ImagesPerSecond:N0} images/s");

// The file is compared with the network on fresh latents before it counts.
var file = Path.Combine(folder, "generator.onnx");
var export = GanExporter.ExportGenerator(networks.Generator, architecture.LatentSize, file);
Console.WriteLine($"{file}: {export.Bytes:N0} bytes, within {export.MaxAbsDifference:g2} of Torch");

internal sealed class Progress : ITrainingObserver
{
    void ITrainingObserver.Progress(TrainingProgress progress) =>
        Console.WriteLine($"step {progress.Step} of {progress.Steps}: " +
            $"discriminator {progress.DiscriminatorLoss:f3}, generator {progress.GeneratorLoss:f3}");
}
