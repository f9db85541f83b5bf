#requires -version 5.1
# The entry to GanPipeline on Windows: builds what has changed, then runs it. eng/README.md says more; ./gan is its sister for Linux.
#   .\gan.ps1 run       trains a GAN, exports it, shows it     .\gan.ps1 test [FILTER]   runs the tests
#   .\gan.ps1 --help    everything else                        .\gan.ps1 bench [NAME]    runs the benchmarks
# Arguments are taken from $args untouched, so that options such as --out reach the program.
$ErrorActionPreference = 'Stop'
$root = $PSScriptRoot
$env:GAN_ROOT = $root
$env:DOTNET_CLI_TELEMETRY_OPTOUT = '1'
$env:DOTNET_NOLOGO = '1'

function Say([string[]] $lines) { foreach ($line in $lines) { [Console]::Error.WriteLine("gan: $line") } }

function Stop-Gan([string[]] $lines) { Say $lines; exit 2 }

# global.json says which SDKs will do.
function Assert-Sdk {
    # Windows PowerShell takes what a program writes to standard error for an error of the script.
    $ErrorActionPreference = 'Continue'
    Push-Location $root
    $null = & dotnet --version 2>&1
    $found = $LASTEXITCODE -eq 0
    Pop-Location
    if ($found) { return }
    $sdks = (& dotnet --list-sdks 2>$null | ForEach-Object { ($_ -split ' ')[0] }) -join ' '
    if (-not $sdks) { $sdks = 'no SDK at all' }
    Stop-Gan "the .NET SDK 10 is missing: $((Get-Command dotnet).Source) has $sdks.",
        'Get it with: winget install Microsoft.DotNet.SDK.10', 'Then open a new terminal and run this command again.'
}

# Whether nothing that a build reads is newer than its stamp, and it was for the same accelerator.
# A folder is newer when a file in it has been added, renamed or deleted.
function Test-Current([string] $stamp, [string[]] $folders) {
    if (-not (Test-Path $stamp) -or [IO.File]::ReadAllText($stamp) -ne "$env:GanAccelerator") { return $false }
    $time = [IO.File]::GetLastWriteTimeUtc($stamp)
    foreach ($pattern in 'Directory.*', 'global.json', '.editorconfig', 'GanPipeline.sln') {
        foreach ($file in [IO.Directory]::GetFiles($root, $pattern)) { if ([IO.File]::GetLastWriteTimeUtc($file) -gt $time) { return $false } }
    }
    foreach ($folder in $folders) {
        $folder = Join-Path $root $folder
        if (-not (Test-Path $folder)) { continue }
        if ([IO.Directory]::GetLastWriteTimeUtc($folder) -gt $time) { return $false }
        foreach ($entry in [IO.Directory]::GetFileSystemEntries($folder, '*', 'AllDirectories')) {
            if ([IO.File]::GetLastWriteTimeUtc($entry) -gt $time) { return $false }
        }
    }
    return $true
}

# Ends with the one message of eng/problems.txt that fits the failed build, or with its errors.
function Stop-Build([string] $project, [string] $log, [string] $logName) {
    $text = [IO.File]::ReadAllText($log)
    foreach ($paragraph in ([IO.File]::ReadAllText((Join-Path $root 'eng/problems.txt')) -replace "`r", '') -split "\n\n+") {
        $pattern, $said = @($paragraph.Trim() -split "\n" | Where-Object { $_ -and -not $_.StartsWith('#') })
        # .NET has no class [:cntrl:]; of these only the end of a line matters here.
        $match = if ($pattern) { [regex]::Match($text, $pattern.Replace('[:cntrl:]', '\r\n')) }
        if ($match -and $match.Success) {
            Stop-Gan (@($said | ForEach-Object { $_.Replace('{1}', $match.Groups[1].Value).Replace('{2}', $match.Groups[2].Value) }) +
                "The build's output is in $logName.")
        }
    }
    $text -split "\r?\n" | Where-Object { $_ -match ': error ' } | ForEach-Object { ($_ -replace ' \[[^\[]*$', '').Trim() } | Select-Object -Unique |
        ForEach-Object { [Console]::Error.WriteLine($_.Replace($root + [IO.Path]::DirectorySeparatorChar, '')) }
    Say "the build of $project failed; its output is in $logName."
    exit 1
}

function Build([string] $project, [string[]] $folders) {
    # A test of this script must not replace the assemblies of the test run that it is part of.
    if ($env:GAN_NO_BUILD) { return }
    $name = Split-Path $project -Leaf
    $built = Join-Path $root 'artifacts/built'
    $stamp = Join-Path $built $name
    if (Test-Current $stamp $folders) { return }
    Assert-Sdk
    $packages = if ($env:NUGET_PACKAGES) { $env:NUGET_PACKAGES } else { Join-Path ([Environment]::GetFolderPath('UserProfile')) '.nuget/packages' }
    $first = if (Test-Path (Join-Path $packages 'torchsharp')) { '' }
        else { '; the first time fetches about 400 MB of packages (1.5 GB on disk; for CUDA several times that)' }
    Say "building $project$first"
    $null = New-Item -ItemType Directory -Force $built
    $started = [DateTime]::UtcNow
    $ErrorActionPreference = 'Continue'
    & dotnet build (Join-Path $root $project) --nologo -v q 2>&1 | ForEach-Object { "$_" } | Set-Content "$stamp.log"
    if ($LASTEXITCODE -ne 0) { Stop-Build $project "$stamp.log" "artifacts/built/$name.log" }
    # As old as the build's start: what was changed during it is newer.
    [IO.File]::WriteAllText($stamp, "$env:GanAccelerator")
    [IO.File]::SetLastWriteTimeUtc($stamp, $started)
}

function Get-Assembly([string] $project, [string] $name) { Join-Path $root "artifacts/bin/$project/release/$name.dll" }

# Runs every test project; failures and skips are shown as they happen, then a line for each project, at the end the failures once more,
# without their stacks, and the one line "N passed, N failed, N skipped". The filter is a part of a test's full name.
function Invoke-Tests([string[]] $words) {
    $ErrorActionPreference = 'Continue'
    $filter = if ($words.Count -gt 0) { @('--filter', "FullyQualifiedName~$($words[0])") } else { @() }
    $sum = @{ Passed = 0; Failed = 0; Skipped = 0 }
    $recap = [Collections.Generic.List[string]]::new()
    foreach ($file in Get-ChildItem (Join-Path $root 'tests/*/*.Tests.csproj') | Sort-Object FullName) {
        $name = $file.BaseName
        $here = @{ Passed = 0; Failed = 0; Skipped = 0 }
        $aborted = $false; $recapping = $false; $matched = $true; $watch = [Diagnostics.Stopwatch]::StartNew()
        & dotnet test (Get-Assembly $name $name) --nologo @filter --logger 'console;verbosity=normal' 2>&1 | ForEach-Object {
            # Each failed test's name and message come again at the end, where they are looked for; its stack trace does not.
            if ("$_" -cmatch '^  Failed ') { $recapping = $true }
            elseif ("$_" -cmatch '^$|^  Stack Trace:|^  Passed |^  Skipped ') { $recapping = $false }
            if ($recapping) { $recap.Add("$_") }
            switch -Regex -CaseSensitive ("$_") {
                '^ +(Passed|Failed|Skipped): (\d+)$' { $here[$Matches[1]] = [int] $Matches[2]; break }
                '^Test Run Aborted\.' { $aborted = $true; $_; break }
                '^No test ' { $matched = $false; break }
                ('^$|^  Passed |^Test Run |^Total tests: |^ Total time: |^Starting test execution|^A total of |^\[xUnit\.net |' +
                    '^Test run for |^VSTest version |^Microsoft \(R\) Test |^Copyright \(c\) ') { break }
                default { $_ }
            }
        }
        # A test host that died has failed without a test to show for it.
        if ($aborted -or ($LASTEXITCODE -ne 0 -and $here.Failed -eq 0 -and $matched)) {
            $here.Failed++
            $died = "  Failed ${name}: the run itself failed"
            $died
            $recap.Add($died)
        }
        foreach ($key in @($sum.Keys)) { $sum[$key] += $here[$key] }
        if ($here.Passed + $here.Failed + $here.Skipped -gt 0) {
            "${name}: $($here.Passed) passed, $($here.Failed) failed, $($here.Skipped) skipped ($([int] $watch.Elapsed.TotalSeconds) s)"
        }
    }
    if ($recap.Count -gt 0) { ''; 'What failed:'; $recap }
    ''
    "$($sum.Passed) passed, $($sum.Failed) failed, $($sum.Skipped) skipped"
    if ($sum.Passed + $sum.Failed + $sum.Skipped -eq 0) { Stop-Gan "no test's full name contains '$words'." }
    if ($sum.Failed -gt 0) { exit 1 }
    exit 0
}

if (-not (Get-Command dotnet -CommandType Application -ErrorAction SilentlyContinue)) {
    Stop-Gan "the .NET SDK 10 is missing: there is no 'dotnet' on the PATH.",
        'Get it with: winget install Microsoft.DotNet.SDK.10', 'Then open a new terminal and run this command again.'
}
$rest = @($args | Select-Object -Skip 1)
switch -CaseSensitive ("$($args | Select-Object -First 1)") {
    'test' {
        Build 'GanPipeline.sln' 'src', 'tests', 'bench', 'samples'
        Invoke-Tests $rest
    }
    'bench' {
        Build 'bench/GanPipeline.Bench.csproj' 'src', 'bench', 'samples'
        & dotnet (Get-Assembly 'GanPipeline.Bench' 'GanPipeline.Bench') @rest
        exit $LASTEXITCODE
    }
    'studio' {
        Build 'src/Studio/GanPipeline.Studio.csproj' 'src'
        # Its runs are processes of the command line's program.
        Build 'src/Cli/GanPipeline.Cli.csproj' 'src'
        $env:GAN_PROGRAM = Get-Assembly 'GanPipeline.Cli' 'gan'
        & dotnet (Get-Assembly 'GanPipeline.Studio' 'GanPipeline.Studio') @rest
        exit $LASTEXITCODE
    }
    default {
        Build 'src/Cli/GanPipeline.Cli.csproj' 'src'
        & dotnet (Get-Assembly 'GanPipeline.Cli' 'gan') @args
        exit $LASTEXITCODE
    }
}
