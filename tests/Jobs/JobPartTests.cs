namespace GanPipeline.Jobs.Tests;

public sealed class JobPartTests
{
    [Fact]
    public void A_part_is_written_as_index_and_count()
    {
        Assert.Equal(new JobPart(3, 8), JobPart.Parse("3/8"));
        Assert.Equal("3/8", new JobPart(3, 8).ToString());
        foreach (var wrong in new[] { "8/8", "-1/8", "1", "1/0", "a/2", "1/2/3", "" })
            Assert.Throws<FormatException>(() => JobPart.Parse(wrong));
    }

    [Fact]
    public void Every_shard_belongs_to_one_part()
    {
        for (long shard = 0; shard < 50; shard++)
            Assert.Single(Enumerable.Range(0, 7), index => new JobPart(index, 7).Has(shard));
    }

    [Theory]
    [InlineData("SLURM_ARRAY_TASK_ID=5 SLURM_ARRAY_TASK_COUNT=4 SLURM_ARRAY_TASK_MIN=3", null, "2/4")]
    [InlineData("SLURM_ARRAY_TASK_ID=0 SLURM_ARRAY_TASK_COUNT=4 SLURM_ARRAY_TASK_MIN=0", null, "0/4")]
    [InlineData("JOB_COMPLETION_INDEX=6", 8, "6/8")]
    [InlineData("OMPI_COMM_WORLD_RANK=1 OMPI_COMM_WORLD_SIZE=2", null, "1/2")]
    [InlineData("PMI_RANK=0 PMI_SIZE=2", null, "0/2")]
    [InlineData("HOME=/", null, null)]
    public void A_cluster_says_which(string variables, int? count, string? expected) =>
        Assert.Equal(expected, JobPart.FromEnvironment(count, Environment(variables))?.ToString());

    [Theory]
    [InlineData("JOB_COMPLETION_INDEX=6", null)]
    [InlineData("JOB_COMPLETION_INDEX=8", 8)]
    [InlineData("SLURM_ARRAY_TASK_ID=5", null)]
    [InlineData("PMI_RANK=first PMI_SIZE=2", null)]
    public void What_cannot_be_meant_is_told(string variables, int? count) =>
        Assert.Throws<FormatException>(() => JobPart.FromEnvironment(count, Environment(variables)));

    private static Func<string, string?> Environment(string variables)
    {
        var values = variables.Split(' ').Select(variable => variable.Split('=')).ToDictionary(pair => pair[0], pair => pair[1]);
        return name => values.GetValueOrDefault(name);
    }
}
