using GanPipeline.Sampler;

return SampleCommand.Create().Parse(args).Invoke();
