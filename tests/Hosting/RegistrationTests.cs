using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace GanPipeline.Hosting.Tests;

[Collection("generators")]
public class RegistrationTests
{
    private static string Model(string name) => Path.Combine(Repository.Root, "tests", "Inference", "models", name);

    /// <summary>Options of a configuration, a service of its own key, and their health.</summary>
    [Fact]
    public async Task Generators_are_services()
    {
        var builder = Host.CreateApplicationBuilder();
        builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["Generator:ModelFile"] = Model("generator.onnx"), ["Generator:BatchSize"] = "8", ["Generator:Truncation"] = "0.5",
        });
        builder.Services.AddGanGenerator(builder.Configuration.GetSection("Generator"));
        builder.Services.AddKeyedGanGenerator("pets", options => options.ModelFile = Model("conditional.onnx"));
        builder.Services.AddHealthChecks().AddGanGenerator().AddGanGenerator("pets");
        using var host = builder.Build();
        await host.StartAsync();

        var plain = host.Services.GetRequiredService<GeneratorService>();
        var pets = host.Services.GetRequiredKeyedService<GeneratorService>("pets");
        Assert.Equal(8, plain.Model.BatchSize);
        Assert.NotNull(pets.Model.Labels);
        var latents = new float[plain.Model.LatentSize];
        plain.Model.DrawLatents(1, 0, latents);
        Assert.All(latents, value => Assert.InRange(value, -0.5f, 0.5f));
        Assert.Same(plain, host.Services.GetRequiredService<GeneratorService>());

        var report = await host.Services.GetRequiredService<HealthCheckService>().CheckHealthAsync();
        Assert.Equal(HealthStatus.Healthy, report.Status);
        Assert.Equal(["generator", "pets"], report.Entries.Keys.Order(StringComparer.Ordinal));
        Assert.Equal("cpu", report.Entries["pets"].Data["device"]);
        await plain.DisposeAsync();
        report = await host.Services.GetRequiredService<HealthCheckService>().CheckHealthAsync();
        Assert.Equal(HealthStatus.Unhealthy, report.Status);
        await host.StopAsync();
    }

    [Fact]
    public async Task Wrong_options_stop_the_start()
    {
        var builder = Host.CreateApplicationBuilder();
        builder.Services.AddGanGenerator(options => options.BatchSize = 0);
        using var host = builder.Build();
        var error = await Assert.ThrowsAsync<OptionsValidationException>(() => host.StartAsync());
        Assert.Equal(["ModelFile names no generator.", "BatchSize is from 1 to 65,536; got 0."], error.Failures);
    }
}
