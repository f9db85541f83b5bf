namespace GanPipeline.Training.Tests;

public class LaunchTests
{
    [Theory]
    [InlineData("", null)]
    [InlineData("OMPI_COMM_WORLD_RANK=1 OMPI_COMM_WORLD_SIZE=2", "1 of 2, OMPI_COMM_WORLD_SIZE")]
    [InlineData("PMI_RANK=0 PMI_SIZE=16", "0 of 16, PMI_SIZE")]
    [InlineData("PMIX_RANK=3 SLURM_STEP_NUM_TASKS=4 SLURM_NTASKS=8", "3 of 4, SLURM_STEP_NUM_TASKS")]
    [InlineData("PMIX_RANK=3 SLURM_NTASKS=8", "3 of 8, SLURM_NTASKS")]
    [InlineData("PMI_RANK=0 PMI_SIZE=1", "0 of 1, PMI_SIZE")]
    [InlineData("PMI_RANK=0 PMI_SIZE=2 GAN_MPI_LIBRARY=none", null)]
    // A batch script by itself, an array's task, and Kubernetes' indexed jobs train alone.
    [InlineData("SLURM_NTASKS=8 SLURM_PROCID=0", null)]
    [InlineData("SLURM_ARRAY_TASK_ID=3 SLURM_ARRAY_TASK_COUNT=4", null)]
    [InlineData("JOB_COMPLETION_INDEX=3", null)]
    public void A_launch_is_what_the_environment_says(string environment, string? launch) =>
        Assert.Equal(launch, Read(environment) is { } read ? $"{read.Rank} of {read.Size}, {read.Variable}" : null);

    [Theory]
    [InlineData("PMI_RANK=two PMI_SIZE=4", "PMI_RANK is 'two', and no number.")]
    [InlineData("PMI_RANK=4 PMI_SIZE=4", "PMI_RANK is 4 and PMI_SIZE is 4, but ranks are below the number of processes.")]
    public void What_cannot_be_is_told(string environment, string message) =>
        Assert.Equal(message, Assert.Throws<TrainingException>(() => Read(environment)).Message);

    [Fact]
    public void Alone_everything_is_this_process()
    {
        var alone = ProcessGroup.FromEnvironment();
        Assert.Same(ProcessGroup.Alone, alone);
        Assert.Equal((0, 1, true, 0, ""), (alone.Rank, alone.Size, alone.IsFirst, alone.LocalRank, alone.Library));
        Assert.Equal(7, alone.Together(() => 7));
        Assert.Equal((8, "text"), (alone.Broadcast(8), alone.Broadcast("text")));
        alone.Abort(3);
        alone.Dispose();
        Assert.Equal(7, ProcessGroup.Alone.Together(() => 7));
    }

    private static Launch? Read(string environment)
    {
        var variables = environment.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(pair => pair.Split('='))
            .ToDictionary(pair => pair[0], pair => pair[1]);
        return Launch.FromEnvironment(variables.GetValueOrDefault);
    }
}
