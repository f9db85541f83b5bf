namespace GanPipeline.Compat.Tests;

/// <summary>For tests that share what libtorch has once a process: the default generator, the count of tensors, the threads.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class OneAtATime
{
    public const string Name = "one at a time";
}
