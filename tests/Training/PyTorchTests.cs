using System.Text.Json;
using GanPipeline.Data;
using TorchSharp.Modules;
using Xunit.Abstractions;
using static TorchSharp.torch;

namespace GanPipeline.Training.Tests;

/// <summary>Whole training steps against PyTorch, on the same weights and the same batch.</summary>
public class PyTorchTests(ITestOutputHelper output)
{
    // Two ways of summing float32 products in another order: what the project promises of its steps.
    private const double Tolerance = 1e-5;

    [PeerFact("/usr/bin/python3", "-c", "import torch")]
    public void Dense_step() => Compare("dense", new ImageShape(1, 28, 28), 64, GeneratorBatch.Fresh, UpdateOrder.Alternating);

    [PeerFact("/usr/bin/python3", "-c", "import torch")]
    public void Dcgan_step_of_fresh_images_after_the_discriminator_s_update() => Compare("dcgan", new ImageShape(1, 64, 64), 16, GeneratorBatch.Fresh, UpdateOrder.Alternating);

    [PeerFact("/usr/bin/python3", "-c", "import torch")]
    public void Dcgan_step_of_the_same_images_after_the_discriminator_s_update() => Compare("dcgan", new ImageShape(3, 32, 32), 16, GeneratorBatch.Reused, UpdateOrder.Alternating);

    [PeerFact("/usr/bin/python3", "-c", "import torch")]
    public void Dcgan_step_with_both_gradients_before_either_update() => Compare("dcgan", new ImageShape(1, 32, 32), 16, GeneratorBatch.Reused, UpdateOrder.Together);

    [PeerFact("/usr/bin/python3", "-c", "import torch")]
    public void Dcgan_step_with_both_gradients_before_either_update_of_fresh_images() => Compare("dcgan", new ImageShape(1, 32, 32), 16, GeneratorBatch.Fresh, UpdateOrder.Together);

    [PeerFact("/usr/bin/python3", "-c", "import torch")]
    public void Adam_on_equal_gradients()
    {
        using var scope = NewDisposeScope();
        var weight = new Parameter(randn(50, 20));
        var gradients = randn(7, 50, 20);
        var theirs = Ask([("weight", weight.detach().clone()), ("gradients", gradients)], new { what = "adam", lr = 2e-3, beta1 = 0.5, beta2 = 0.999, eps = 1e-7 });
        using var adam = new Adam([weight], 2e-3, 0.5, 0.999, 1e-7);
        for (var i = 0; i < 7; i++)
        {
            weight.grad = gradients.select(0, i).clone();
            adam.step();
        }
        Assert.InRange((weight - theirs["weight"]).abs().max().item<float>(), 0, 1e-6f);
    }

    private void Compare(string name, ImageShape shape, int filters, GeneratorBatch batch, UpdateOrder updates)
    {
        using var scope = NewDisposeScope();
        const int latentSize = 20, count = 16;
        using var networks = Architectures.Create(new ArchitectureOptions { Name = name, Shape = shape, LatentSize = latentSize, Filters = filters, Dropout = 0 }, seed: 11);
        Devices.UseThreads(0);
        manual_seed(1);
        var real = randn(count, shape.Channels, shape.Height, shape.Width).tanh();
        Tensor[] latents = [randn(count, latentSize), randn(count, latentSize)];
        var theirs = Ask(
            [
                .. TrainingState.Of(TrainingState.Generator, networks.Generator), .. TrainingState.Of(TrainingState.Discriminator, networks.Discriminator),
                ("real", real), ("latents1", latents[0]), ("latents2", latents[1]),
            ],
            new
            {
                what = "step",
                name,
                shape = new[] { shape.Channels, shape.Height, shape.Width },
                filters,
                latent = latentSize,
                together = updates == UpdateOrder.Together,
                reuse = batch == GeneratorBatch.Reused,
            });

        using var step = new GanStep(networks, new TrainingOptions { Folder = "unused", Steps = 1, GeneratorBatch = batch, Updates = updates });
        var drawn = 0;
        var outcome = step.Run(real, () => latents[drawn++]);

        Near("loss.discriminator", outcome.DiscriminatorLoss, theirs["loss.discriminator"]);
        Near("loss.generator", outcome.GeneratorLoss, theirs["loss.generator"]);
        foreach (var (prefix, network) in new[] { (TrainingState.Generator, networks.Generator), (TrainingState.Discriminator, networks.Discriminator) })
        {
            foreach (var (parameterName, parameter) in network.named_parameters())
                Near("grad." + prefix + parameterName, parameter.grad!, theirs["grad." + prefix + parameterName]);
            // Adam's first step is about the gradient's sign, whatever its size, so weights say little; moving statistics say what the networks saw.
            foreach (var (bufferName, buffer) in network.named_buffers().Where(buffer => buffer.buffer.is_floating_point()))
                Near("after." + prefix + bufferName, buffer, theirs["after." + prefix + bufferName]);
        }
    }

    private void Near(string what, Tensor ours, Tensor theirs)
    {
        var error = (ours.detach().flatten() - theirs.flatten()).norm().item<float>() / Math.Max(theirs.norm().item<float>(), 1e-30);
        output.WriteLine($"{what}: {error:g3}");
        Assert.True(error <= Tolerance, $"{what} differs from PyTorch's by {error:g3} of its norm.");
    }

    private static Dictionary<string, Tensor> Ask(IReadOnlyList<(string, Tensor)> tensors, object options)
    {
        using var folder = new TemporaryFolder();
        using (var stream = File.Create(folder["in.safetensors"])) SafeTensorsWriter.Write(stream, tensors);
        File.WriteAllText(folder["options.json"], JsonSerializer.Serialize(options));
        var (code, _, error) = Peers.Run(Peers.Python, Path.Combine(AppContext.BaseDirectory, "Peers", "step.py"), folder["in.safetensors"], folder["out.safetensors"], folder["options.json"]);
        Assert.True(code == 0, error);
        using var file = SafeTensorsFile.Open(folder["out.safetensors"]);
        return file.Entries.Values.ToDictionary(entry => entry.Name, entry =>
        {
            var value = zeros(entry.Shape, dtype: entry.Type);
            file.CopyTo(entry, value);
            return value;
        });
    }
}
