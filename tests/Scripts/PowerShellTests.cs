namespace GanPipeline.Scripts.Tests;

// What a failed build is told as comes from eng/problems.txt; that gan.ps1 reads the same from it, BashTests compare.
[Collection("builds")]
public class PowerShellTests() : ScriptTests("gan.ps1")
{
    [ScriptFact("gan.ps1")]
    public void Program_is_built_once_and_again_after_a_change() => Check_program_is_built_once_and_again_after_a_change();

    [ScriptFact("gan.ps1")]
    public void The_studio_is_told_of_the_program() => Check_the_studio_is_told_of_the_program();

    [ScriptFact("gan.ps1")]
    public void Tests_are_counted_and_a_crash_is_a_failure() => Check_tests_are_counted_and_a_crash_is_a_failure();

    [ScriptFact("gan.ps1")]
    public void Missing_and_older_SDKs_are_told() => Check_missing_and_older_SDKs_are_told();

    [ScriptFact("gan.ps1")]
    public void A_configuration_without_feeds_is_told() => Check_a_configuration_without_feeds_is_told();

    [ScriptFact("gan.ps1")]
    public void The_program_lists_its_pipelines_and_refuses_a_wrong_command()
        => Check_the_program_lists_its_pipelines_and_refuses_a_wrong_command();
}
