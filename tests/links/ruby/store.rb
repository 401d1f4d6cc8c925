class UserStore
  def find(name)
    User.where("name = '#{name}'")
  end
end
def run_it(cmd)
  system("ls #{cmd}")
end
