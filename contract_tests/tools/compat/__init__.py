"""What an application did against one revision, judged by another one."""
