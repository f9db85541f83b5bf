namespace GanPipeline.Inference.Tests;

public class SessionOptionsTests
{
    [Fact]
    public void The_hook_is_called_once_a_session_and_after_our_own_options()
    {
        var threads = new List<int>();
        var options = new ModelOptions { Threads = 1, ConfigureSession = session => threads.Add(session.IntraOpNumThreads) };
        using (GeneratorModel.Load(TestModels.Generator, options)) Assert.Equal([1], threads);
        using (GeneratorModel.Load(File.ReadAllBytes(TestModels.Generator), options)) Assert.Equal(2, threads.Count);
        using (FeatureModel.Load(TestModels.Features, options: options)) Assert.Equal(3, threads.Count);
        using (ClassifierModel.Load(TestModels.Classifier, options)) Assert.Equal(4, threads.Count);
    }

    [Fact]
    public void What_the_hook_sets_reaches_the_runtime()
    {
        // The runtime writes the model as it optimised it, which only a session with this option does.
        using var folder = new TemporaryFolder();
        var options = new ModelOptions
        {
            ConfigureSession = session =>
            {
                session.OptimizedModelFilePath = folder["optimised.onnx"];
                session.AddSessionConfigEntry("session.disable_prepacking", "1");
            },
        };
        using var model = GeneratorModel.Load(TestModels.Generator, options);
        Assert.True(File.Exists(folder["optimised.onnx"]));
        Assert.Equal(3, model.Sample(3).Count);
    }

    [Fact]
    public void A_provider_that_the_runtime_lacks_is_an_error_that_names_model_and_option()
    {
        // CoreML is part of Apple's builds alone, DirectML of Windows'.
        var options = new ModelOptions
        {
            ConfigureSession = session =>
            {
                if (OperatingSystem.IsMacOS()) session.AppendExecutionProvider_DML();
                else session.AppendExecutionProvider_CoreML();
            },
        };
        var message = Assert.Throws<ModelException>(() => GeneratorModel.Load(TestModels.Generator, options)).Message;
        Assert.Contains(TestModels.Generator, message, StringComparison.Ordinal);
        Assert.Contains("ModelOptions.ConfigureSession", message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', message);
    }

    [Fact]
    public void A_model_that_falls_back_to_the_processor_is_configured_again()
    {
        var calls = 0;
        using var model = GeneratorModel.Load(TestModels.Generator,
            new ModelOptions { GpuDeviceId = 1000, FallbackToCpu = true, ConfigureSession = _ => calls++ });
        Assert.Equal("cpu", model.Device);
        Assert.InRange(calls, 1, 2); // 1 where the runtime refuses the device before the hook
    }
}
